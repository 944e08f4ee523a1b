#!/usr/bin/env python3
"""Makes the vocabularies, models and expected token ids of this folder: python3 make.py [VOCAB-OF-MINILM]

BERT: the published algorithm (Devlin et al., 2018: basic tokenization, then the longest piece first), over the character
tables of Python. GPT-2: the published pattern and merges (Radford et al., 2019). SentencePiece: the library itself (Python
package sentencepiece, made with 0.1.97). The ids of BERT and GPT-2 were compared with those of Hugging Face's tokenizers (the
library inside the NuGet package Tokenizers.DotNet 1.4.1): they differ in private use characters, which that removes, and in
the final sigma, which that does not have.

Characters are of Unicode 14 at most, or in no version.
"""

import collections
import json
import os
import random
import sys
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))

TEXTS = [
    # Symbols and punctuation.
    "price $5 + tax <b> 20\u00b0 C\u00a9 \U0001f600 a=b", "C++", "C", "C#", "a+b", "a^b", "a~b|c", "`a`", "\u20ac5", "5\u20ac", "\u00b1 5 \u00d7 6",
    "a \u2022 b", "\u00abfox\u00bb", "it's \u201cred\u201d\u2026", "red\u2014green", "\u00bfred?", "\u3001\u3002", "\u2122\u00ae", "a\u00b4b", "\u00bd \u00b2 \u2460", "\u2116 5",
    # Emoji.
    "\U0001f600", "\U0001f600\U0001f600", "red\U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f44d\U0001f3fd", "\u2764\ufe0f", "\U0001f1e9\U0001f1ea", "1\ufe0f\u20e3",
    # Spaces and line ends.
    "red\nfox", "red\tfox", "red\r\nfox", "red\rfox", "  red   fox  ", "red\u00a0fox", "red\u3000fox", "red\u2028fox", "red\u2029fox", "red\u2009fox",
    "red\n\n fox", "red\u1680fox", "\n", "\t red",
    # Control, format and other characters that are not seen.
    "r\u0000ed", "r\u0007ed", "red\u0085fox", "red\u001cfox", "red\u000bfox", "r\u007fed", "r\u00aded", "r\u200bed", "r\u200ced", "r\u2060ed", "\ufeffred", "red\u200e", "r\ufffded",
    "\ufffd", "\u200b", "\u0001\u0002", "red\u180efox",
    # Scripts.
    "\u65e5\u672c\u8a9e", "red\u65e5fox", "\u65e5\u0301", "\U00020000\U0002a6d6", "\U0002b820", "\uf900", "\U0002f800", "\u30ab\u30bf\u30ab\u30ca", "\uff76\uff9e", "\ud55c\uad6d\uc5b4", "\u1112\u1161\u11ab", "\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22",
    "\u0939\u093f\u0928\u094d\u0926\u0940", "\u0627\u0644\u0639\u0631\u0628\u064a\u0629\u060c", "\u05e9\u05c1\u05dc\u05d5\u05dd", "\u041c\u043e\u0441\u043a\u0432\u0430 \u0439\u043e\u0433", "\u0391\u03a3 \u03a3\u0391\u03a3. \u03a3 \u039f\u0394\u039f\u03a3\u00b7",
    # Case, accents and marks.
    "RED Fox", "\u00c9\u00e9\u00cf", "e\u0301", "\u0130stanbul", "\u0131", "\u00df \u1e9e", "\u01c5", "\ufb01x", "\u212b\u2126\u212a", "\u1ec7", "a\u0301\u0302\u0303\u0304", "\u0301", "\u0301red", "\u20d0", "\uff32\uff25\uff24", "\U0001d4e1\U0001d4ee\U0001d4ed",
    "\u24b6\u03a3", "a\u02b0\u03a3", "\u037e", "\u1fef",
    # Of no version, private use, noncharacters.
    "\u0378", "red\u0378", "\U000e0080", "\ue000", "red\ue000", "\uf8ff fox", "\U000f0000", "\ufdd0", "\ufffe", "\u00e9\ufffe\u00e9", "\U0010ffff",
    # Long words, and what looks special.
    "a" * 100, "a" * 101, "a" * 300, "\u00e9" * 100, "\U0001f600" * 100, "\U0001f600" * 101, "\ud55c" * 33, "\ud55c" * 34, "a" * 99 + "\u0301" * 3,
    "[SEP] [MASK] [UNK] [CLS]", "<s> </s> <unk> <pad>", "##red", "# # ##", "\u2581red", "<0x41>", "zap", "redzapfox", "<sep>red", "don't we'll I've 's 'S 'LL",
    "red  fox   crow\t\tx", " 's", "1234 12th \u0661\u0662", "A_b", "x.y,z", "http://a.b/c?d=e&f#g", "a@b.c",
]


def write(name, lines):
    with open(os.path.join(HERE, name), "w", encoding="utf-8", newline="\n") as file:
        file.write("".join(line + "\n" for line in lines))


def line(text, ids, *more):
    return "\t".join([*more, json.dumps(text), " ".join(map(str, ids))])


# BERT

IDEOGRAPHS = [
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
]


def bert_words(text, uncased):
    seen = []
    for c in text:
        kind = unicodedata.category(c)
        if c in "\t\n\r" or kind == "Zs":
            seen.append(" ")
        elif c == "\ufffd" or kind in ("Cc", "Cf"):
            continue
        elif any(first <= ord(c) <= last for first, last in IDEOGRAPHS):
            seen.append(f" {c} ")
        else:
            seen.append(c)
    words = []
    for word in "".join(seen).split():
        if uncased:
            word = unicodedata.normalize("NFD", word.lower())
            word = "".join(c for c in word if unicodedata.category(c) != "Mn")
        for c in word:
            ascii_symbol = 33 <= ord(c) < 127 and not c.isalnum()
            words.append(f" {c} " if ascii_symbol or unicodedata.category(c)[0] == "P" else c)
        words.append(" ")
    return "".join(words).split()


def bert_ids(text, vocabulary, uncased):
    ids = []
    for word in bert_words(text, uncased):
        pieces, start = [], 0
        while start < len(word) and len(word) <= 100:
            ends = range(len(word), start, -1)
            spelled = ("##" if start else "", word)
            end = next((e for e in ends if spelled[0] + word[start:e] in vocabulary), None)
            if end is None:
                break
            pieces.append(vocabulary[spelled[0] + word[start:end]])
            start = end
        ids += pieces if pieces and start == len(word) else [vocabulary["[UNK]"]]
    return ids


def make_bert(minilm):
    letters = "abcdefghijklmnopqrstuvwxyzABCR0123456789\u03b1\u03b4\u03bf\u03c3\u03c2\u03a3\u0391\u00e9\u0439\u0438\u1112\u1161\u11ab\u00b0\u00b2\ue000\u0378\ufffe\U0001f600"
    alone = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\u2014\u201c\u201d\u2026\u00ab\u00bb\u20ac\u65e5\u672c\u8a9e\u8c48\U00020000\U0002b820\u00a9"
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *alone, *letters, *("##" + c for c in letters)]
    tokens += ["red", "fox", "crow", "Fox", "price", "tax", "##ed", "##fox", "istanbul", "i\u0307", "don", "we", "ll"]
    write("bert-vocab.txt", tokens)
    kinds = [("uncased", True), ("cased", False)]
    own = {token: i for i, token in enumerate(tokens)}
    write("bert.tsv", [line(t, bert_ids(t, own, flag), kind) for kind, flag in kinds for t in TEXTS])
    if minilm:
        with open(minilm, encoding="utf-8", newline="\n") as file:
            theirs = {token.rstrip("\n"): i for i, token in enumerate(file)}
        write("bert-minilm.tsv", [line(t, bert_ids(t, theirs, True), "uncased") for t in TEXTS])


# GPT-2

def printable_bytes():
    kept = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [b for b in range(256) if b not in kept]
    return {**{b: chr(b) for b in kept}, **{b: chr(0x100 + i) for i, b in enumerate(others)}}


def gpt2_words(text):
    def kind(c):
        major = unicodedata.category(c)[0]
        space = c in "\t\n\v\f\r\x85" or major == "Z"
        return "space" if space else major if major in "LN" else "other"

    at = 0
    while at < len(text):
        short = next((s for s in ("'s", "'t", "'re", "'ve", "'m", "'ll", "'d") if text.startswith(s, at)), None)
        first = at + (text[at] == " ")
        if short:
            end = at + len(short)
        elif first < len(text) and kind(text[first]) != "space":
            end = first
            while end < len(text) and kind(text[end]) == kind(text[first]):
                end += 1
        else:
            end = at
            while end < len(text) and kind(text[end]) == "space":
                end += 1
            end -= end < len(text) and end - at > 1
        yield text[at:end]
        at = end


def merged(parts, ranks):
    parts = list(parts)
    while True:
        pairs = [(ranks[pair], i) for i, pair in enumerate(zip(parts, parts[1:])) if pair in ranks]
        if not pairs:
            return parts
        at = min(pairs)[1]
        parts[at:at + 2] = [parts[at] + parts[at + 1]]


def make_gpt2():
    printable = printable_bytes()
    spelled = lambda word: [printable[b] for b in word.encode()]
    corpus = collections.Counter(tuple(spelled(w)) for text in TEXTS + sentences(400) for w in gpt2_words(text) if len(w) < 60)
    ranks = {}
    while len(ranks) < 300:
        pairs = collections.Counter()
        for word, count in corpus.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += count
        ranks[max(pairs.items(), key=lambda p: (p[1], p[0]))[0]] = len(ranks)
        corpus = collections.Counter({tuple(merged(word, ranks)): count for word, count in corpus.items()})
    tokens = ["<s>", "<pad>", "</s>", "<unk>", *sorted(printable.values())]
    tokens += [t for t in dict.fromkeys(a + b for a, b in ranks) if t not in tokens]
    vocabulary = {token: i for i, token in enumerate(tokens)}
    write("gpt2-vocab.json", [json.dumps(vocabulary)])
    write("gpt2-merges.txt", ["#version: 0.2", *(f"{a} {b}" for a, b in ranks)])
    write("gpt2.tsv", [line(t, [vocabulary[p] for w in gpt2_words(t) for p in merged(spelled(w), ranks)]) for t in TEXTS])


# SentencePiece

def sentences(count):
    words = "red green blue fox crow river hill price tax the a of and over under reads rides runs quick lazy river's old".split()
    draw = random.Random(7)
    return [" ".join(draw.choice(words) for _ in range(9)) for _ in range(count)]


def make_sentencepiece():
    import sentencepiece

    # A few of the entries of NFKC, with spaces as one kind and characters that are not seen left out.
    rules = {0x09: [0x20], 0x0A: [0x20], 0x0D: [0x20], 0xA0: [0x20], 0x3000: [0x20], 0x2028: [0x20], 0x01: [], 0x200B: [], 0xFEFF: []}
    rules |= {0xFF32: [0x52], 0xFF25: [0x45], 0xFF24: [0x44], 0xFB01: [0x66, 0x69], 0xBD: [0x31, 0x2044, 0x32], 0x2122: [0x54, 0x4D], 0xB4: [0x20, 0x301]}
    rules_file, corpus = os.path.join(HERE, "rules.tmp"), os.path.join(HERE, "corpus.tmp")
    rows = [([key], value) for key, value in rules.items()] + [([0x65, 0x301], [0xE9])]
    write("rules.tmp", ["\t".join(" ".join(f"{c:X}" for c in side) for side in row) for row in rows])
    write("corpus.tmp", sentences(1500) + ["\u65e5\u672c \u00b0C \u00e9 RED <sep> 20"] * 40)
    own = dict(normalization_rule_tsv=rules_file, user_defined_symbols="zap,<sep>")
    plain = dict(normalization_rule_name="identity", byte_fallback=True)
    models = {
        "unigram": dict(model_type="unigram", vocab_size=120, **own),
        "unigram-bytes": dict(model_type="unigram", vocab_size=380, **plain),
        "unigram-suffix": dict(model_type="unigram", vocab_size=120, treat_whitespace_as_suffix=True, remove_extra_whitespaces=False, **own),
        "bpe": dict(model_type="bpe", vocab_size=120, **own),
        "bpe-bytes": dict(model_type="bpe", vocab_size=380, remove_extra_whitespaces=False, **plain),
        "bpe-no-prefix": dict(model_type="bpe", vocab_size=120, add_dummy_prefix=False, **own),
    }
    lines = []
    for name, options in models.items():
        path = os.path.join(HERE, f"sentencepiece-{name}")
        sentencepiece.SentencePieceTrainer.train(
            input=corpus, model_prefix=path, num_threads=1, minloglevel=2, hard_vocab_limit=False, **options)
        os.remove(path + ".vocab")
        processor = sentencepiece.SentencePieceProcessor(model_file=path + ".model")
        lines += [line(t, processor.encode(t), name) for t in TEXTS + sentences(5)]
    write("sentencepiece.tsv", lines)
    os.remove(rules_file)
    os.remove(corpus)


make_bert(sys.argv[1] if len(sys.argv) > 1 else None)
make_gpt2()
make_sentencepiece()
