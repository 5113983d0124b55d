package record

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Difference is the first place where a record does not say what follows from it.
type Difference struct {
	Where string // "terms_hash", "entries 17", "results 3"
	Want  string // what follows
	Got   string // what the file says
}

// Error implements error.
func (d *Difference) Error() string {
	return fmt.Sprintf("%s: the file says %s, but it must be %s", d.Where, d.Got, d.Want)
}

func differ(where, want, got string) error {
	if want == got {
		return nil
	}
	return &Difference{where, want, got}
}

var (
	hex64    = regexp.MustCompile(`^[0-9a-f]{64}$`)
	goodSeed = regexp.MustCompile(`^[!-~]( ?[!-~]){0,199}$`)
)

// Verify works a file out anew and gives its record. A *Difference names the first place where the file says something else;
// ErrFormat when it is no such file.
func Verify(b []byte) (Record, error) {
	r, err := Decode(b)
	if err != nil {
		return Record{}, err
	}
	for _, check := range []func(Record) error{verifyTerms, verifyList, verifySeed, verifyResults} {
		if err := check(r); err != nil {
			return r, err
		}
	}
	again := r.Encode()
	if i := firstDifference(again, b); i >= 0 {
		return r, &Difference{fmt.Sprintf("byte %d", i+1), strconv.Quote(near(again, i)), strconv.Quote(near(b, i))}
	}
	return r, nil
}

func verifyTerms(r Record) error {
	if err := differ("terms_hash", r.Terms.Hash(r.ID), r.TermsHash); err != nil {
		return err
	}
	seen := map[string]bool{}
	for i, p := range r.Terms.Places {
		if p.Code == "" || seen[p.Code] || p.Count < 1 {
			return &Difference{fmt.Sprintf("places %d", i+1), "a code of its own and at least one place", fmt.Sprintf("%q with %d", p.Code, p.Count)}
		}
		seen[p.Code] = true
	}
	var last time.Time
	for _, at := range []string{r.Terms.Opens, r.Terms.Closes, r.Terms.Moment} {
		t, err := time.Parse(time.RFC3339, at)
		if err != nil || Stamp(t) != at || !t.After(last) {
			return &Difference{"terms", "opens, closes and moment one after the other", at}
		}
		last = t
	}
	return nil
}

// verifyList holds every number that was given against the list: each is an entry or was given back, once.
func verifyList(r Record) error {
	l := r.List
	if l == nil {
		if r.Seed != nil || r.Results != nil {
			return &Difference{"listed", "a list before the draw", "nothing"}
		}
		return nil
	}
	if !hex64.MatchString(l.House) {
		return &Difference{"house_hash", "64 hexadecimal digits", strconv.Quote(l.House)}
	}
	if err := differ("list_hash", l.hash(r.ID, r.TermsHash), l.Hash); err != nil {
		return err
	}
	numbers := slices.Clone(l.Withdrawn)
	before := ""
	for i, e := range l.Entries {
		where := fmt.Sprintf("entries %d", i+1)
		if !hex64.MatchString(e.Blind) || e.Blind <= before {
			return &Difference{where, "lines of 64 hexadecimal digits, ascending", e.Blind}
		}
		before = e.Blind
		if err := r.Terms.verifyChoices(where, e.Choices); err != nil {
			return err
		}
		numbers = append(numbers, e.Number)
	}
	slices.Sort(numbers)
	for i, n := range numbers {
		if n != i+1 {
			return &Difference{"numbers", fmt.Sprintf("%d, each number once among entries and withdrawn", i+1), strconv.Itoa(n)}
		}
	}
	return nil
}

func (t Terms) verifyChoices(where string, choices []string) error {
	if len(choices) < 1 || len(choices) > t.Choices {
		return &Difference{where, fmt.Sprintf("1 to %d choices", t.Choices), strconv.Itoa(len(choices))}
	}
	for i, code := range choices {
		if slices.Contains(choices[:i], code) || !slices.ContainsFunc(t.Places, func(p Place) bool { return p.Code == code }) {
			return &Difference{where, "choices of the announced places, each once", strconv.Quote(code)}
		}
	}
	return nil
}

func verifySeed(r Record) error {
	s := r.Seed
	if s == nil {
		if r.Results != nil {
			return &Difference{"seed", "seeds before results", "nothing"}
		}
		return nil
	}
	if !goodSeed.MatchString(s.Public) {
		return &Difference{"seed.public", "1 to 200 letters, digits and signs of ASCII, no two spaces in a row", strconv.Quote(s.Public)}
	}
	if err := differ("seed.house, hashed", r.List.House, Commit(s.House)); err != nil {
		return err
	}
	if s.At < r.Terms.Moment {
		return &Difference{"seed.at", "not before " + r.Terms.Moment, s.At}
	}
	return differ("seed.final", Final(r.ID, r.List.Hash, s.Public, s.House), s.Final)
}

func verifyResults(r Record) error {
	if r.Results == nil {
		return nil
	}
	want := Draw(r.Seed.Final, r.Terms.Places, r.List.Entries)
	if err := differ("results", strconv.Itoa(len(want.Order)), strconv.Itoa(len(r.Results.Order))); err != nil {
		return err
	}
	for i, x := range want.Order {
		if got := r.Results.Order[i]; got != x {
			return &Difference{fmt.Sprintf("results %d", i+1), told(x), told(got)}
		}
	}
	return differ("results_hash", want.hash(r.ID, r.Seed.Final), r.Results.Hash)
}

func told(x Result) string {
	if x.Place == "" {
		return fmt.Sprintf("entry %d without a place", x.Number)
	}
	return fmt.Sprintf("entry %d with place %s", x.Number, x.Place)
}

// firstDifference is where two files part; -1 when they are equal.
func firstDifference(a, b []byte) int {
	if bytes.Equal(a, b) {
		return -1
	}
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

func near(b []byte, i int) string { return string(b[i:min(len(b), i+24)]) }

// GoodSeed reports whether a text can be a public seed: printable ASCII, 1 to 200 characters, no space at the ends and no two in a row.
func GoodSeed(s string) bool { return len(s) <= 200 && goodSeed.MatchString(s) }
