// Package find searches what a city offers the way residents ask for it: by everyday words (违章), by
// pinyin (jiaofakuan), initials (jtwf) or a mixture, in English, and with typing mistakes (交通为法, 电废).
//
// An Index is built once over plain documents, never changes and may be searched from many goroutines at
// once. Search never fails and never blocks; the same documents and query always give the same result. Work per
// query grows with the documents that share something with it, not with maps: scores are dense arrays, reused.
package find

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"zhijian/domain/region/pinyin"
)

// Doc is one thing that can be found.
type Doc struct {
	ID   string
	Kind string // "service", "account", "kind" …; the index does not look at it
	// Title is what the resident sees. Give the name in the other language as a keyword.
	Title    string
	Sub      string   // a line below the title: who offers it; counts little
	Keywords []string // other words people use for it; count nearly as much as the title
	// Weight lifts a document among equals: 0 is neutral, 1 as much as a tenth of a perfect match.
	Weight float64
	// Use, from 0 to 1, says how much a document is used where it is searched. It decides among documents that fit nearly alike and lifts none
	// by more than mostLift, so that what fits clearly better always comes first.
	Use float64
}

// Hit is one result.
type Hit struct {
	Doc   Doc
	Score float64 // comparable within one result only; about 2 for a perfect match
	// Marks are the parts of the title to mark, as half-open ranges of its runes, in order, not touching.
	Marks [][2]int
}

// Heard says that the resident's word has an official form: “违章”的正式叫法是“交通违法”.
type Heard struct {
	Word, Official string
}

// Result is what a query finds.
type Result struct {
	Hits []Hit // best first
	// Heard is set when the query uses an everyday word whose official form is worth saying and led to a hit; else nil.
	Heard *Heard
	// Suggest holds up to three titles that the resident may have meant; only when there is no hit.
	Suggest []string
}

const (
	longest = 100 // runes of a query that are looked at
	refined = 48  // candidates that are compared word by word
	// mostLift is a fortieth of what a perfect match is worth: less than whether a title begins with a word or has it in its middle.
	mostLift = 0.05
)

// Index is a set of documents ready to be searched.
type Index struct {
	docs     []Doc
	entries  []entry
	first    []int32 // entries of document d are first[d] to first[d+1]
	wordings []wording
	tokens   map[uint64]list
	words    map[string]list
	sorted   []string // the keys of words
	tails    []tail   // places where typed letters may begin to match, in the order of what is typed from there
	heads    [37]int  // tails that begin with letter or digit c are those from heads[bucket(c)] to the next
	everyday everyday
	synonyms Synonyms
	speller  *pinyin.Speller
	pool     sync.Pool
}

// New builds an index; the documents keep their order as the last tie-breaker. It takes about 40 µs a document.
func New(docs []Doc, synonyms Synonyms) *Index {
	b := newBuilder(docs, synonyms)
	for d := range docs {
		b.add(int32(d))
	}
	b.expand()
	return b.finish()
}

// Search finds at most limit documents. A query of more than 100 characters is cut; an empty one finds nothing.
func (x *Index) Search(q string, limit int) Result {
	if limit < 1 || len(x.docs) == 0 {
		return Result{}
	}
	s := x.pool.Get().(*scratch)
	defer x.pool.Put(s)
	s.reset()
	s.read(x, q)
	if len(s.segments) == 0 {
		return Result{}
	}
	x.scoreTokens(s)
	x.scoreSpelling(s, s.spelled)
	ranked := x.rank(s)
	if len(ranked) == 0 {
		ranked = x.again(s)
	}
	if len(ranked) == 0 {
		return Result{Suggest: x.suggest(s)}
	}
	ranked = ranked[:min(limit, len(ranked))]
	res := Result{Hits: make([]Hit, len(ranked))}
	for i, r := range ranked {
		res.Hits[i] = Hit{Doc: x.docs[r.doc], Score: math.Round(r.score*1000) / 1000, Marks: x.marks(s, r)}
	}
	res.Heard = x.heard(s, ranked)
	return res
}

// ranking is a document with its final score and the entry that speaks for it most.
type ranking struct {
	doc   int32
	entry int32 // -1 when no single entry does
	score float64
	lift  float64 // by use
}

func byScore(a, b ranking) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.lift, a.lift), cmp.Compare(a.doc, b.doc))
}

// rank turns raw scores into an order: the best candidates are compared with the query word by word.
func (x *Index) rank(s *scratch) []ranking {
	s.ranked = s.ranked[:0]
	for _, d := range s.touched {
		if c := max(s.cover[d], s.sound[d]); c >= enough {
			s.keep(ranking{doc: d, entry: -1, score: float64(c), lift: mostLift * max(0, min(1, x.docs[d].Use))})
		}
	}
	for i := range s.ranked {
		r := &s.ranked[i]
		fit, at := x.fit(s, r.doc)
		r.entry = at
		tokens := float64(s.cover[r.doc]) + fit
		if sounds := 1.9 * float64(s.sound[r.doc]); sounds > tokens {
			tokens, r.entry = sounds, s.voice[r.doc]
		}
		r.score = tokens + 0.1*x.docs[r.doc].Weight + r.lift
	}
	slices.SortFunc(s.ranked, byScore)
	return s.ranked
}

// keep holds a candidate as long as it is among the best, which stay sorted.
func (s *scratch) keep(r ranking) {
	if n := len(s.ranked); n == refined {
		if byScore(r, s.ranked[n-1]) > 0 {
			return
		}
		s.ranked = s.ranked[:n-1]
	}
	at, _ := slices.BinarySearchFunc(s.ranked, r, byScore)
	s.ranked = slices.Insert(s.ranked, at, r)
}

// enough is the share of a query, by weight, that a document must cover to be a hit.
const enough = 0.25
