package tabular

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// guesses are the kinds from the narrowest: the first that nearly all cells of a column fit is proposed.
var guesses = []Kind{Citizen, Phone, Plate, Day, Clock, Yes, Money, Number}

// fits reports whether a kind is meant when so many cells fit it: a few slips of the pen are to be found, not to hide what was meant.
func fits(fit, all int) bool { return fit*100 >= all*90 || fit == all-1 && fit > 1 }

// Guess proposes a shape from the first rows of a table, at most a few hundred of which are enough. It is a proposal: a clerk confirms it.
func Guess(header []string, rows [][]string, now time.Time) Shape {
	header = trimmed(header)
	var s Shape
	for i, label := range header {
		label = strings.TrimSpace(label)
		c := Column{Name: nameOf(label, i, s.Columns), Label: label, Kind: kindOf(label, column(rows, i), now), Use: Answer}
		if c.Kind.Sensitive() {
			c.Use = Omit // what is not needed is not kept
		}
		s.Columns = append(s.Columns, c)
	}
	s.key(rows)
	return s
}

// column gives the cells of a column that hold anything.
func column(rows [][]string, i int) (cells []string) {
	for _, row := range rows {
		if i < len(row) && strings.TrimSpace(row[i]) != "" {
			cells = append(cells, row[i])
		}
	}
	return cells
}

var moneyWords = regexp.MustCompile(`元|金额|费|价|款|¥`)

func kindOf(label string, cells []string, now time.Time) Kind {
	for _, k := range guesses {
		fit := 0
		for _, cell := range cells {
			if _, err := Cell(k, cell, now); err == nil {
				fit++
			}
		}
		switch {
		case len(cells) == 0 || !fits(fit, len(cells)):
		case k == Money && !moneyWords.MatchString(label) && !strings.ContainsAny(strings.Join(cells, ""), "¥￥元."):
		case k == Clock && !slices.ContainsFunc(cells, func(c string) bool { return strings.ContainsAny(c, ":：点时") }):
		case k == Yes && !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "0" && strings.TrimSpace(c) != "1" }):
		case k == Day && !dated(label, cells):
		case k == Plate && !slices.ContainsFunc(cells, func(c string) bool { return strings.ContainsFunc(c, isHan) }): // codes look like embassies' plates
		default:
			return k
		}
	}
	return Text
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// dated tells days from eight-digit numbers that happen to be some.
func dated(label string, cells []string) bool {
	return strings.ContainsAny(label, "日期天时") || slices.ContainsFunc(cells, func(c string) bool { return strings.ContainsAny(c, "-/.年") })
}

// key proposes what rows are found by: the plate, or what tells a person, or else the first column whose cells all differ.
func (s *Shape) key(rows [][]string) {
	at := -1
	for _, k := range []Kind{Plate, Citizen, Phone} {
		if at < 0 {
			at = slices.IndexFunc(s.Columns, func(c Column) bool { return c.Kind == k })
		}
	}
	for i := 0; at < 0 && i < len(s.Columns); i++ {
		cells := column(rows, i)
		if k := s.Columns[i].Kind; (k == Text || k == Number) && len(cells) == len(rows) && distinct(cells) {
			at = i
		}
	}
	if len(s.Columns) > 1 {
		s.Columns[max(at, 0)].Use = Key
	}
	seen := map[string]bool{}
	s.Unique = true
	for _, row := range rows {
		key := ""
		for i, c := range s.Columns {
			if c.Use == Key && i < len(row) {
				key += strings.TrimSpace(row[i]) + "\x00"
			}
		}
		s.Unique = s.Unique && !seen[key]
		seen[key] = true
	}
}

func distinct(cells []string) bool {
	sorted := slices.Sorted(slices.Values(cells))
	return len(slices.Compact(sorted)) == len(cells)
}

var notName = regexp.MustCompile(`[^a-z0-9]+`)

// nameOf makes a word of a heading: its letters when it has Latin ones, otherwise its place.
func nameOf(label string, i int, before []Column) string {
	name := strings.Trim(notName.ReplaceAllString(strings.ToLower(label), "_"), "_")
	taken := slices.ContainsFunc(before, func(c Column) bool { return c.Name == name })
	if !goodName.MatchString(name) || slices.Contains(reserved, name) || taken {
		return fmt.Sprintf("c%d", i+1)
	}
	return name
}
