package find

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"zhijian/domain/region/pinyin"
)

// list is the documents that have a token, in order.
type list struct {
	posts  []posting
	rarity float32 // 0 to 1: 1 for a token that one document has
}

// posting is a document and the best of its fields that have the token, in one number.
type posting uint32

func post(doc int32, f field) posting { return posting(doc)<<2 | posting(f) }

func (p posting) doc() int32     { return int32(p >> 2) }
func (p posting) worth() float32 { return worths[p&3] }

type builder struct {
	x      *Index
	read   map[string]int32 // wordings by folded text
	tokens map[uint64][]posting
	words  map[string][]posting
}

func newBuilder(docs []Doc, synonyms Synonyms) *builder {
	return &builder{
		x:    &Index{docs: slices.Clone(docs), synonyms: synonyms, speller: pinyin.NewSpeller()},
		read: map[string]int32{}, tokens: map[uint64][]posting{}, words: map[string][]posting{},
	}
}

// add writes down the texts of one document.
func (b *builder) add(d int32) {
	doc := &b.x.docs[d]
	b.text(d, doc.Title, titleField, -1)
	for _, k := range doc.Keywords {
		b.text(d, k, keywordField, -1)
	}
	if doc.Sub != "" {
		b.text(d, doc.Sub, subField, -1)
	}
}

// text writes down one text: its tokens, its English words and what is typed for it.
func (b *builder) text(d int32, text string, f field, synonym int32) {
	folded := []rune(text)
	if len(folded) > 200 {
		folded = folded[:200]
	}
	for i, r := range folded {
		folded[i] = fold(r)
	}
	spelling := b.x.speller.Spell(nil, folded)
	at, known := b.read[string(folded)]
	if !known {
		at = int32(len(b.x.wordings))
		b.read[string(folded)] = at
		b.x.wordings = append(b.x.wordings, word(folded, spelling))
	}
	w := &b.x.wordings[at]
	if w.text == "" {
		return
	}
	for i := len(b.x.entries) - 1; i >= 0 && b.x.entries[i].doc == d; i-- {
		if b.x.textOf(i) == w.text {
			return // the title again as a keyword
		}
	}
	b.x.entries = append(b.x.entries, entry{doc: d, synonym: synonym, wording: at, field: f})
	b.tokensOf(d, folded, spelling, f)
}

// word takes a folded text apart into what is compared and what is typed.
func word(folded []rune, spelling []pinyin.Syllable) wording {
	var w wording
	var compact, spelled strings.Builder
	han := false
	for i, r := range folded {
		if r == ' ' || r == '\'' {
			continue
		}
		compact.WriteRune(r)
		from := spelled.Len()
		switch {
		case spelling[i] != 0:
			han = true
			spelled.WriteString(spelling[i].String())
		case latin(r):
			spelled.WriteByte(byte(r))
		default:
			continue
		}
		w.units = append(w.units, unit{uint16(from), uint16(spelled.Len()), uint16(i)})
		w.sounds = append(w.sounds, spelling[i])
	}
	w.text = compact.String()
	if !han {
		return wording{text: w.text}
	}
	w.spelled, w.units, w.sounds = spelled.String(), slices.Clip(w.units), slices.Clip(w.sounds)
	return w
}

func (b *builder) tokensOf(d int32, folded []rune, spelling []pinyin.Syllable, f field) {
	p := post(d, f)
	for i, r := range folded {
		if !pinyin.Han(r) {
			continue
		}
		put(b.tokens, one(r), p)
		if i+1 < len(folded) && pinyin.Han(folded[i+1]) {
			put(b.tokens, pair(r, folded[i+1]), p)
			put(b.tokens, sound(spelling[i], spelling[i+1]), p)
		}
	}
	for w := range wordsOf(folded) {
		put(b.words, stem(w), p)
	}
}

// wordsOf gives the runs of letters and digits; apostrophes are dropped.
func wordsOf(folded []rune) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		var w []byte
		for i := 0; i <= len(folded); i++ {
			switch {
			case i < len(folded) && latin(folded[i]):
				w = append(w, byte(folded[i]))
			case i < len(folded) && folded[i] == '\'':
			case len(w) > 0:
				if !yield(string(w)) {
					return
				}
				w = w[:0]
			}
		}
	}
}

// put keeps, per token, the best field of each document. Documents come in rising order but for synonyms.
func put[K comparable](m map[K][]posting, key K, p posting) {
	l := m[key]
	if n := len(l); n > 0 && l[n-1].doc() == p.doc() {
		l[n-1] = min(l[n-1], p)
		return
	}
	m[key] = append(l, p)
}

// said is a text that a document has already.
type said struct {
	doc  int32
	text string
}

// expand gives every document that contains an official word the everyday words for it.
func (b *builder) expand() {
	x := b.x
	first := firstEntries(x.entries, len(x.docs))
	has := map[said]bool{}
	for i := range x.entries {
		if e := &x.entries[i]; e.field != subField {
			has[said{e.doc, x.textOf(i)}] = true
		}
	}
	type addition struct{ doc, synonym int32 }
	var additions []addition // applied last: the search below relies on the documents' own texts, in order
	for i := range x.synonyms {
		syn := &x.synonyms[i]
		word := squeeze(syn.Word)
		for _, official := range syn.Official {
			for _, d := range b.having(first, squeeze(official)) {
				if !has[said{d, word}] {
					has[said{d, word}] = true
					additions = append(additions, addition{d, int32(i)})
				}
			}
		}
	}
	for _, a := range additions {
		b.text(a.doc, x.synonyms[a.synonym].Word, synonymField, a.synonym)
	}
}

func squeeze(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r = fold(r); r != ' ' && r != '\'' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// having gives the documents whose title or a keyword contains a phrase; its first two characters narrow them down.
func (b *builder) having(first []int32, phrase string) []int32 {
	runes := []rune(phrase)
	if len(runes) < 2 {
		return nil
	}
	var candidates []int32
	if pinyin.Han(runes[0]) && pinyin.Han(runes[1]) {
		for _, p := range b.tokens[pair(runes[0], runes[1])] {
			candidates = append(candidates, p.doc())
		}
	} else {
		for d := range b.x.docs {
			candidates = append(candidates, int32(d))
		}
	}
	var docs []int32
	for _, d := range candidates {
		for i := first[d]; i < first[d+1]; i++ {
			if b.x.entries[i].field != subField && strings.Contains(b.x.textOf(int(i)), phrase) {
				docs = append(docs, d)
				break
			}
		}
	}
	return docs
}

// firstEntries gives, per document, where its entries begin in a list ordered by document; one more marks the end.
func firstEntries(entries []entry, docs int) []int32 {
	first := make([]int32, docs+1)
	for i := range entries {
		first[entries[i].doc+1] = int32(i + 1)
	}
	for d := range docs {
		first[d+1] = max(first[d+1], first[d])
	}
	return first
}

// finish sorts everything into the shape that is searched.
func (b *builder) finish() *Index {
	x := b.x
	slices.SortStableFunc(x.entries, func(a, b entry) int { return cmp.Compare(a.doc, b.doc) })
	x.entries, x.wordings = slices.Clip(x.entries), slices.Clip(x.wordings)
	x.first = firstEntries(x.entries, len(x.docs))
	for i := range x.entries {
		if e := &x.entries[i]; e.field != subField {
			x.wordings[e.wording].entries = append(x.wordings[e.wording].entries, int32(i))
		}
	}
	x.everyday = newEveryday(x)
	x.tokens = pack(b.tokens, len(x.docs))
	x.words = pack(b.words, len(x.docs))
	for w := range x.words {
		x.sorted = append(x.sorted, w)
	}
	slices.Sort(x.sorted)
	x.plant()
	x.pool.New = func() any { return newScratch(len(x.docs)) }
	return x
}

// textOf gives the folded text of an entry.
func (x *Index) textOf(entry int) string { return x.wordings[x.entries[entry].wording].text }

func pack[K comparable](m map[K][]posting, docs int) map[K]list {
	out := make(map[K]list, len(m))
	for k, posts := range m {
		slices.Sort(posts) // by document, the best field first
		posts = slices.CompactFunc(posts, func(a, b posting) bool { return a.doc() == b.doc() })
		out[k] = list{posts: slices.Clip(posts), rarity: float32(math.Log(1+float64(docs)/float64(len(posts))) / math.Log(1+float64(docs)))}
	}
	return out
}
