#!/usr/bin/env python3
"""Gradients of the llama block by PyTorch's autograd, in float64.

usage: reference_gradients.py CASE.json        writes CASE.gradients (little-endian float64) and prints the loss
CASE.json: shape, the list of parameters (name, rows, cols, offset) in CASE.parameters (float32), and the batch.
"""
import array, json, pathlib, sys
import torch

path = pathlib.Path(sys.argv[1])
case = json.loads(path.read_text())
raw = array.array('f', path.with_suffix('.parameters').read_bytes())
flat = torch.tensor(raw, dtype=torch.float64, requires_grad=True)
s = case['shape']
P = {p['name']: flat[p['offset']:p['offset'] + p['rows'] * p['cols']].reshape(p['rows'], p['cols'])
     for p in case['parameters']}


def rms(x, weight):
    return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + s['eps']) * weight[0]


def rope(x):
    n, heads, dim = x.shape
    inverse = s['rope_base'] ** (-torch.arange(0, dim, 2, dtype=torch.float64) / dim)
    angle = torch.arange(n, dtype=torch.float64)[:, None] * inverse
    c, d = torch.cos(angle)[:, None], torch.sin(angle)[:, None]
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack((a * c - b * d, a * d + b * c), -1).reshape(n, heads, dim)


def forward(tokens):
    x = P['token_embd.weight'][tokens]
    n = len(tokens)
    mask = torch.full((n, n), float('-inf'), dtype=torch.float64).triu(1)
    for i in range(s['layers']):
        w = lambda name: P[f'blk.{i}.{name}.weight']
        h = rms(x, w('attn_norm'))
        q = rope((h @ w('attn_q').T).reshape(n, s['heads'], s['head_dim']))
        k = rope((h @ w('attn_k').T).reshape(n, s['kv_heads'], s['head_dim']))
        v = (h @ w('attn_v').T).reshape(n, s['kv_heads'], s['head_dim'])
        group = s['heads'] // s['kv_heads']
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        scores = torch.einsum('qhd,khd->hqk', q, k) / s['head_dim'] ** 0.5 + mask
        x = x + torch.einsum('hqk,khd->qhd', scores.softmax(-1), v).reshape(n, -1) @ w('attn_output').T
        h = rms(x, w('ffn_norm'))
        x = x + (torch.nn.functional.silu(h @ w('ffn_gate').T) * (h @ w('ffn_up').T)) @ w('ffn_down').T
    output = P.get('output.weight', P['token_embd.weight'])
    return rms(x, P['output_norm.weight']) @ output.T


loss = 0
for sequence in case['sequences']:
    logits = forward(torch.tensor(sequence['tokens']))
    targets = torch.tensor(sequence['targets'])
    loss = loss + torch.nn.functional.cross_entropy(logits[targets >= 0], targets[targets >= 0], reduction='sum')
loss.backward()
path.with_suffix('.gradients').write_bytes(array.array('d', flat.grad.tolist()).tobytes())
print(loss.item())
