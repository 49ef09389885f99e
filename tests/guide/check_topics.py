#!/usr/bin/env python3
"""Checks the Guide's topic collection: form, counts, languages, lengths, duplicates, and that answers only name
pages and commands that exist.

usage: check_topics.py TOPICS_FOLDER [--minimum N]      exit 1 with one line per fault
"""
import argparse, json, pathlib, re, sys

PAGES = {'en': {'Chat', 'Hardware', 'Settings', 'About'}, 'zh': {'对话', '硬件', '设置', '关于'}}
COMMANDS = {'tokenize', 'detokenize', 'logits', 'generate', 'chat', 'render-template', 'inspect', 'bench',
            'synthesize', 'train', 'quantize', 'convert', 'perplexity', 'profile', 'fit', 'pull', 'audit'}
MIN_PHRASINGS = 7  # six to learn from, one held out
ANSWER = {'en': (30, 260), 'zh': (12, 130)}
PHRASING = {'en': (2, 80), 'zh': (1, 40)}
HAN = re.compile('[\u4e00-\u9fff]')


def faults_of_text(language, text):
    if list(text) != ['ask', 'answer']:
        yield f'{language}: keys must be ask, answer'
        return
    ask, answer = text['ask'], text['answer']
    if len(ask) < MIN_PHRASINGS:
        yield f'{language}: {len(ask)} phrasings, {MIN_PHRASINGS} are needed'
    low, high = PHRASING[language]
    for phrase in ask:
        if phrase != phrase.strip() or '\n' in phrase or not low <= len(phrase) <= high:
            yield f'{language}: phrasing of {len(phrase)} characters or with stray space: {phrase!r}'
        if language == 'en' and HAN.search(phrase):
            yield f'en: Chinese in {phrase!r}'
    low, high = ANSWER[language]
    if answer != answer.strip() or '\n' in answer or not low <= len(answer) <= high:
        yield f'{language}: answer of {len(answer)} characters (allowed {low}-{high})'
    if language == 'zh' and not HAN.search(answer):
        yield 'zh: answer without Chinese'
    if language == 'en' and HAN.search(answer):
        yield 'en: answer with Chinese'
    if '`' in answer or '**' in answer:
        yield f'{language}: Markdown in the answer'
    for command in re.findall(r'hearthctl ([a-z][a-z-]*)', answer):
        if command not in COMMANDS:
            yield f'{language}: unknown command hearthctl {command}'
    pages = re.findall(r'\bthe ([A-Z][a-z]+) page\b', answer) if language == 'en' else \
        re.findall('(对话|模型|优化|文档|硬件|服务|隐私|设置|关于)页(?!面布局)', answer)
    for page in pages:
        if page not in PAGES[language]:
            yield f'{language}: the page {page} does not exist'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('folder')
    parser.add_argument('--minimum', type=int, default=0)
    arguments = parser.parse_args()
    faults, ids, phrases, answers, count = [], {}, {}, {}, 0
    for path in sorted(pathlib.Path(arguments.folder).glob('*.jsonl')):
        for number, line in enumerate(path.read_text(encoding='utf-8').splitlines(), 1):
            where = f'{path.name}:{number}'
            try:
                topic = json.loads(line)
            except ValueError as error:
                faults.append(f'{where}: {error}')
                continue
            count += 1
            if list(topic) != ['id', 'en', 'zh']:
                faults.append(f'{where}: keys must be id, en, zh')
                continue
            if not re.fullmatch(r'[a-z0-9-]+\.[a-z0-9-]+', topic['id']):
                faults.append(f'{where}: bad id {topic["id"]!r}')
            if topic['id'] in ids:
                faults.append(f'{where}: id {topic["id"]} also at {ids[topic["id"]]}')
            ids[topic['id']] = where
            for language in ('en', 'zh'):
                faults += [f'{where}: {fault}' for fault in faults_of_text(language, topic[language])]
                answer = topic[language].get('answer', '')
                if answer in answers:
                    faults.append(f'{where}: same answer as {answers[answer]}')
                answers[answer] = where
                for phrase in topic[language].get('ask', []):
                    key = re.sub(r'[\s?？!！.。,，]', '', phrase.lower())
                    if key in phrases:
                        faults.append(f'{where}: phrasing {phrase!r} also at {phrases[key]}')
                    phrases[key] = where
    if count < arguments.minimum:
        faults.append(f'{count} topics, at least {arguments.minimum} are needed')
    print('\n'.join(faults) if faults else f'{count} topics, {len(phrases)} phrasings: no fault')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
