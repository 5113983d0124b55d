package find

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"zhijian/domain/region/pinyin"
)

// list is the documents that have a token, with what the best of their fields is worth.
type list struct {
	docs   []int32
	worth  []float32
	rarity float32 // 0 to 1: 1 for a token that one document has
}

type posting struct {
	doc   int32
	worth float32
}

type builder struct {
	x      *Index
	tokens map[uint64][]posting
	words  map[string][]posting
}

func newBuilder(docs []Doc, synonyms Synonyms) *builder {
	return &builder{
		x:      &Index{docs: slices.Clone(docs), synonyms: synonyms, speller: pinyin.NewSpeller()},
		tokens: map[uint64][]posting{}, words: map[string][]posting{},
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
	original := []rune(text)
	if len(original) > 200 {
		original = original[:200]
	}
	e := entry{doc: d, synonym: synonym, field: f}
	folded := make([]rune, len(original))
	for i, r := range original {
		folded[i] = fold(r)
	}
	spelling := b.x.speller.Spell(nil, folded)
	var compact, spelled strings.Builder
	han := false
	for i, r := range folded {
		if r == ' ' || r == '\'' {
			continue
		}
		compact.WriteRune(r)
		e.runes++
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
		e.units = append(e.units, unit{uint16(from), uint16(spelled.Len()), uint16(i)})
		e.sounds = append(e.sounds, spelling[i])
	}
	e.text, e.spelled = compact.String(), spelled.String()
	if e.text == "" {
		return
	}
	if !han {
		e.units, e.sounds, e.spelled = nil, nil, "" // English is not typed in pinyin
	}
	for i := len(b.x.entries) - 1; i >= 0 && b.x.entries[i].doc == d; i-- {
		if b.x.entries[i].text == e.text {
			return // the title again as a keyword
		}
	}
	b.x.entries = append(b.x.entries, e)
	b.tokensOf(d, folded, spelling, f.worth())
}

func (b *builder) tokensOf(d int32, folded []rune, spelling []pinyin.Syllable, worth float32) {
	for i, r := range folded {
		if !pinyin.Han(r) {
			continue
		}
		put(b.tokens, one(r), posting{d, worth})
		if i+1 < len(folded) && pinyin.Han(folded[i+1]) {
			put(b.tokens, pair(r, folded[i+1]), posting{d, worth})
			put(b.tokens, sound(spelling[i], spelling[i+1]), posting{d, worth})
		}
	}
	for w := range wordsOf(folded) {
		put(b.words, stem(w), posting{d, worth})
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

// put keeps, per token, the best worth of each document. Documents come in rising order but for synonyms.
func put[K comparable](m map[K][]posting, key K, p posting) {
	l := m[key]
	for i := len(l) - 1; i >= 0; i-- {
		if l[i].doc == p.doc {
			l[i].worth = max(l[i].worth, p.worth)
			return
		}
		if l[i].doc < p.doc {
			break
		}
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
			has[said{e.doc, e.text}] = true
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
			candidates = append(candidates, p.doc)
		}
	} else {
		for d := range b.x.docs {
			candidates = append(candidates, int32(d))
		}
	}
	var docs []int32
	for _, d := range candidates {
		for i := first[d]; i < first[d+1]; i++ {
			if e := &b.x.entries[i]; e.field != subField && strings.Contains(e.text, phrase) {
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
	x.first = firstEntries(x.entries, len(x.docs))
	x.everyday = newEveryday(x)
	x.tokens = pack(b.tokens, len(x.docs))
	x.words = pack(b.words, len(x.docs))
	for w := range x.words {
		x.sorted = append(x.sorted, w)
	}
	slices.Sort(x.sorted)
	classify(x.entries)
	for i := range x.entries {
		x.begin(int32(i))
	}
	for _, list := range x.starts {
		slices.SortFunc(list, func(a, b start) int {
			return cmp.Or(cmp.Compare(x.entries[a.entry].class, x.entries[b.entry].class), cmp.Compare(a.unit, b.unit), cmp.Compare(a.entry, b.entry))
		})
	}
	x.pool.New = func() any { return newScratch(len(x.docs)) }
	return x
}

// classify numbers the ways of typing, in the order in which they first appear.
func classify(entries []entry) {
	known := map[string]int32{}
	var key []byte
	for i := range entries {
		e := &entries[i]
		key = append(key[:0], e.spelled...)
		for _, u := range e.units {
			key = append(key, 0, byte(u.from), byte(u.from>>8))
		}
		class, ok := known[string(key)]
		if !ok {
			class = int32(len(known))
			known[string(key)] = class
		}
		e.class = class
	}
}

// begin notes where typed letters may begin to match an entry: at every character, and at the head of a run of letters.
func (x *Index) begin(i int32) {
	e := &x.entries[i]
	if e.field == subField {
		return
	}
	for u := range e.units {
		if e.sounds[u] == 0 && u > 0 && e.sounds[u-1] == 0 {
			continue
		}
		at := bucket(e.spelled[e.units[u].from])
		x.starts[at] = append(x.starts[at], start{i, uint16(u)})
	}
}

func pack[K comparable](m map[K][]posting, docs int) map[K]list {
	out := make(map[K]list, len(m))
	for k, postings := range m {
		slices.SortFunc(postings, func(a, b posting) int { return cmp.Or(cmp.Compare(a.doc, b.doc), cmp.Compare(b.worth, a.worth)) })
		postings = slices.CompactFunc(postings, func(a, b posting) bool { return a.doc == b.doc })
		l := list{docs: make([]int32, len(postings)), worth: make([]float32, len(postings))}
		for i, p := range postings {
			l.docs[i], l.worth[i] = p.doc, p.worth
		}
		l.rarity = float32(math.Log(1+float64(docs)/float64(len(postings))) / math.Log(1+float64(docs)))
		out[k] = l
	}
	return out
}
