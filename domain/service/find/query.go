package find

import (
	"strings"

	"zhijian/domain/region/pinyin"
)

// segment is a run of the query: Chinese characters, or one word of letters and digits.
type segment struct {
	from, to int // runes of the folded query
	han      bool
	word     string // for letters: without apostrophes
	idle     bool   // says nothing: 怎么, 我要, how to
}

// scratch is what one search needs; it is used again by the next.
type scratch struct {
	runes    []rune // folded
	sounds   []pinyin.Syllable
	segments []segment
	text     string // without blanks
	plain    string // text without idle words and plural endings
	spelled  string // as it would be typed in letters
	latin    bool   // letters were typed, so that the query may be pinyin

	// By document, valid for those in touched.
	cover []float32 // share of the query covered by tokens
	sound []float32 // how well the typed letters fit
	voice []int32   // the entry that they fit

	stamp   []uint32 // the unit that a document was last credited for
	unit    uint32
	worth   []float32 // what it was credited
	known   []bool
	touched []int32
	ranked  []ranking
	pattern pattern

	// Room for the marks of one title.
	folded []rune
	mask   []bool
	spell  []pinyin.Syllable
}

func newScratch(docs int) *scratch {
	return &scratch{
		cover: make([]float32, docs), sound: make([]float32, docs), voice: make([]int32, docs),
		stamp: make([]uint32, docs), worth: make([]float32, docs), known: make([]bool, docs), ranked: make([]ranking, 0, refined),
	}
}

func (s *scratch) reset() {
	s.forget()
	s.runes, s.sounds, s.segments = s.runes[:0], s.sounds[:0], s.segments[:0]
	s.latin = false
}

// forget drops all scores and keeps the query.
func (s *scratch) forget() {
	for _, d := range s.touched {
		s.cover[d], s.sound[d], s.voice[d], s.stamp[d], s.known[d] = 0, 0, 0, 0, false
	}
	s.touched, s.ranked = s.touched[:0], s.ranked[:0]
	s.unit = 0
}

// touch notes that a document has a score.
func (s *scratch) touch(d int32) {
	if !s.known[d] {
		s.known[d] = true
		s.touched = append(s.touched, d)
	}
}

// read takes the query apart.
func (s *scratch) read(x *Index, q string) {
	for _, r := range q {
		if len(s.runes) == longest {
			break
		}
		s.runes = append(s.runes, fold(r))
	}
	s.sounds = x.speller.Spell(s.sounds, s.runes)
	for i := 0; i < len(s.runes); {
		j := i
		switch r := s.runes[i]; {
		case pinyin.Han(r):
			for j < len(s.runes) && pinyin.Han(s.runes[j]) {
				j++
			}
			s.split(i, j)
		case latin(r):
			for j < len(s.runes) && (latin(s.runes[j]) || s.runes[j] == '\'') {
				j++
			}
			s.word(i, j)
		default:
			j++
		}
		i = j
	}
	s.settle()
}

// split parts a run of characters at words that say nothing.
func (s *scratch) split(from, to int) {
	start := from
	for i := from; i < to; {
		n := filler(s.runes[i:to])
		if n == 0 {
			i++
			continue
		}
		if start < i {
			s.segments = append(s.segments, segment{from: start, to: i, han: true})
		}
		s.segments = append(s.segments, segment{from: i, to: i + n, han: true, idle: true})
		i += n
		start = i
	}
	if start < to {
		s.segments = append(s.segments, segment{from: start, to: to, han: true})
	}
}

func (s *scratch) word(from, to int) {
	var b strings.Builder
	for _, r := range s.runes[from:to] {
		if r != '\'' {
			b.WriteRune(r)
			s.latin = s.latin || r >= 'a'
		}
	}
	w := b.String()
	s.segments = append(s.segments, segment{from: from, to: to, word: stem(w), idle: idle(w)})
}

// settle writes the three forms of the whole query. Words that say nothing count when there are no others.
func (s *scratch) settle() {
	only := true
	for _, g := range s.segments {
		only = only && g.idle
	}
	var text, plain, spelled strings.Builder
	for i := range s.segments {
		g := &s.segments[i]
		if only {
			g.idle = false
		}
		for j := g.from; j < g.to; j++ {
			r := s.runes[j]
			if r == '\'' {
				continue
			}
			text.WriteRune(r)
			switch {
			case g.idle:
			case g.han:
				plain.WriteRune(r)
				spelled.WriteString(s.sounds[j].String())
			default:
				spelled.WriteRune(r)
			}
		}
		if !g.idle {
			plain.WriteString(g.word)
		}
	}
	s.text, s.plain, s.spelled = text.String(), plain.String(), spelled.String()
}

// fillers are words around the thing that is asked for, longest first.
const fillers = "能不能 可不可以 在哪里 怎么样 怎么 怎样 如何 哪里 在哪 哪儿 请问 请教 一下 帮我 我要 我想 想要 需要 可以 什么 多少 办理 吗 呢 啊 的 了"

// filler gives the length of the filler that text begins with, 0 for none.
func filler(text []rune) int {
	rest := fillers
	for rest != "" {
		word := rest
		if i := strings.IndexByte(rest, ' '); i >= 0 {
			word, rest = rest[:i], rest[i+1:]
		} else {
			rest = ""
		}
		n := 0
		for _, r := range word {
			if n == len(text) || text[n] != r {
				n = -1
				break
			}
			n++
		}
		if n > 0 {
			return n
		}
	}
	return 0
}
