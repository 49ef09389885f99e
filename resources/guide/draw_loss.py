#!/usr/bin/env python3
"""Draws the course of a training run as SVG, on stdout.

usage: draw_loss.py FILE...      FILE is a log of `hearthctl train` (its stderr) or the run's checkpoint

A log gives the training loss of every tenth step and the held-out losses, a checkpoint the training loss of every
step; given both, the checkpoint's are drawn. The line is a running mean; the axis of the loss is logarithmic.
"""
import math
import pathlib
import re
import struct
import sys

WIDTH, HEIGHT = 720, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 28, 40
STEP = re.compile(r'^step (\d+)/(\d+)\s+loss ([0-9.]+)', re.MULTILINE)
HELD_OUT = re.compile(r'^step (\d+)\s+held-out loss ([0-9.]+)', re.MULTILINE)


def read_checkpoint(data):
    hash_bytes, _, parameters, count = struct.unpack_from('<4Q', data, 8)
    begin = 8 + 4 * 8 + 8 + hash_bytes + 3 * 4 * parameters  # magic, counts, seconds, hash, three float arrays
    return list(enumerate(struct.unpack_from(f'<{count}f', data, begin), 1))


def smoothed(points, width):
    out, total = [], 0.0
    for i, (step, loss) in enumerate(points):
        total += loss
        if i >= width:
            total -= points[i - width][1]
        out.append((step, total / min(i + 1, width)))
    return out


def thinned(points, most=700):
    every = max(1, len(points) // most)
    return points[::every] + ([points[-1]] if (len(points) - 1) % every else [])


def main(paths):
    training, held_out = [], []
    for path in sorted(paths, key=lambda p: p.suffix == '.checkpoint'):
        data = path.read_bytes()
        if data.startswith(b'HRTHCKP1'):
            training = read_checkpoint(data)
            continue
        text = data.decode('utf-8', 'replace')
        training += [(int(step), float(loss)) for step, _, loss in STEP.findall(text)]
        held_out += [(int(step), float(loss)) for step, loss in HELD_OUT.findall(text)]
    if len(training) < 2:
        sys.exit('no losses in ' + ', '.join(map(str, paths)))
    training = smoothed(sorted(dict(training).items()), max(1, len(training) // 100))
    held_out = sorted(dict(held_out).items())
    last = training[-1][0]
    losses = [loss for _, loss in training + held_out]
    low, high = math.floor(math.log10(min(losses))), math.ceil(math.log10(max(losses)) * 2) / 2

    def x(step):
        return LEFT + (WIDTH - LEFT - RIGHT) * step / last

    def y(loss):
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - math.log10(loss)) / (high - low)

    def line(points, colour, width):
        path = ' '.join(f'{x(step):.1f},{y(loss):.1f}' for step, loss in points)
        return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'

    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
          'font-family="sans-serif" font-size="12" fill="#555">')
    print(f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>')
    for exponent in range(low, math.ceil(high)):
        for digit in (1, 2, 5):
            loss = digit * 10 ** exponent
            if low <= math.log10(loss) <= high:
                print(f'<path d="M{LEFT} {y(loss):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
                      f'<text x="{LEFT - 8}" y="{y(loss) + 4:.1f}" text-anchor="end">{loss:g}</text>')
    for part in range(5):
        step = last * part // 4
        print(f'<text x="{x(step):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{step}</text>')
    print(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 6}" text-anchor="middle">step</text>')
    print(line(thinned(training), '#c2571a', 1.6))
    print(f'<text x="{LEFT}" y="16" fill="#c2571a">loss on the training phrasings</text>')
    if held_out:
        print(line(held_out, '#2563a8', 1.6))
        print(''.join(f'<circle cx="{x(s):.1f}" cy="{y(v):.1f}" r="2.5" fill="#2563a8"/>' for s, v in held_out))
        print(f'<text x="{LEFT + 230}" y="16" fill="#2563a8">loss on the held-out phrasings</text>')
    print('</svg>')


if __name__ == '__main__':
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main([pathlib.Path(argument) for argument in sys.argv[1:]])
