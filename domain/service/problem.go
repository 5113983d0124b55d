package service

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong with a definition, city pack or kind list, in a plain sentence.
type Problem struct {
	File         string
	Line, Column int    // from 1; 0 when it concerns the file as a whole
	Path         string // "steps.violations.with.plate"
	Say          string
	Zh           string // the same in Chinese; empty for what is wrong with a city pack or the kinds
}

// String gives "file:line:column: path: sentence".
func (p Problem) String() string {
	s := p.File
	if p.Line > 0 {
		s += fmt.Sprintf(":%d:%d", p.Line, p.Column)
	}
	if p.Path != "" {
		s += ": " + p.Path
	}
	return s + ": " + p.Say
}

func sorted(list []Problem) []Problem {
	slices.SortStableFunc(list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return list
}

// guess finds the known word nearest to a mistyped one: ` Did you mean "plate"?`, or "".
func guess(word string, known []string) string {
	best, at := "", 3
	for _, k := range known {
		d := distance(word, k)
		if d < at && d < len(k) {
			best, at = k, d
		}
	}
	if best == "" {
		return ""
	}
	return ` Did you mean "` + best + `"?`
}

// distance counts single-letter edits; only the first 60 bytes of either word matter.
func distance(a, b string) int {
	a, b = a[:min(len(a), 60)], b[:min(len(b), 60)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			here := row[j+1]
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last+cost, row[j]+1, here+1)
			last = here
		}
	}
	return row[len(b)]
}

// listed joins words for a sentence: a, b and c.
func listed(words []string) string {
	switch len(words) {
	case 0:
		return "nothing"
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
