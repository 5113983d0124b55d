package sandbox

import (
	"maps"
	"slices"
	"strings"
	"time"

	"zhijian/ground/clock"
)

// register answers with one record: of a number, of a person, or of a row of a table.
type register struct {
	keyed   `yaml:",inline"`
	Table   string            // search this table
	Match   map[string]string // input → column that must be the same; the first row that fits is the answer
	Answer  map[string]any
	Nothing map[string]any // members that differ when there is nothing
}

func (r *register) takes() string {
	names := slices.Sorted(maps.Keys(r.Match))
	if s := r.inputs(); s != "" {
		names = append(names, s)
	}
	return strings.Join(names, ", ")
}

func (r *register) gives() string {
	return "known, " + strings.Join(append(slices.Sorted(maps.Keys(r.Answer)), "as_of"), ", ")
}

func (r *register) answer(b *bureau, call string, in question) (data, error) {
	if r.Table != "" {
		return r.row(b, call, in)
	}
	s, ok, err := r.find(b, in)
	if err != nil || !ok {
		return unknown(in), err
	}
	pattern := maps.Clone(r.Answer)
	if s.nothing {
		maps.Copy(pattern, r.Nothing)
	}
	out, err := b.maker(s, call, in).object(pattern)
	if err != nil {
		return nil, err
	}
	out["known"], out["as_of"] = true, stamp(in.at)
	return out, nil
}

// row finds the row; the ending of an input is magic as that of a number is.
func (r *register) row(b *bureau, call string, in question) (data, error) {
	for input := range r.Match {
		if ending(in.text(input), 2) == "13" {
			return nil, errSilent
		}
	}
	i := slices.IndexFunc(b.Tables[r.Table], func(row map[string]any) bool {
		for input, column := range r.Match {
			if text, _ := row[column].(string); text == "" || text != in.text(input) {
				return false
			}
		}
		return true
	})
	if i < 0 {
		return unknown(in), nil
	}
	pattern := maps.Clone(r.Answer)
	if pattern == nil {
		pattern = map[string]any{}
	}
	maps.Copy(pattern, b.Tables[r.Table][i])
	out, err := b.maker(subject{key: r.Table, person: nobody}, call, in).object(pattern)
	if err != nil {
		return nil, err
	}
	out["known"], out["as_of"] = true, stamp(in.at)
	return out, nil
}

// feed answers with the rows of a table that fit the filters.
type feed struct {
	Table  string
	Filter map[string]string // input → column; "*" searches all texts, "weekday:col" compares the day of the week
	Fresh  string            // "hour" or "day": values change with it
}

func (f *feed) takes() string { return strings.Join(slices.Sorted(maps.Keys(f.Filter)), "?, ") }
func (f *feed) gives() string { return "known, items, as_of" }

func (f *feed) answer(b *bureau, call string, in question) (data, error) {
	now := in.at.In(clock.Shanghai)
	salt, asOf := call, now
	switch f.Fresh {
	case "hour":
		asOf = now.Truncate(time.Hour)
		salt += asOf.Format("2006010215")
	case "day":
		salt += now.Format(time.DateOnly)
	}
	out := data{"known": true, "items": []data{}, "as_of": stamp(asOf)}
	for _, input := range slices.Sorted(maps.Keys(f.Filter)) {
		switch ending(in.text(input), 2) {
		case "13":
			if !day(in.text(input)) {
				return nil, errSilent
			}
		case "00":
			if !day(in.text(input)) {
				return out, nil
			}
		}
	}
	items := []data{}
	m := b.maker(subject{key: in.text("region"), person: nobody}, salt, in)
	for _, row := range b.Tables[f.Table] {
		made, err := m.object(row)
		if err != nil {
			return nil, err
		}
		if f.fits(made, in) {
			items = append(items, made)
		}
	}
	out["items"] = items
	return out, nil
}

func day(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// fits reports whether a row passes all filters; an empty input and "all" pass everything.
func (f *feed) fits(row data, in question) bool {
	for input, column := range f.Filter {
		want := in.text(input)
		if want == "" || want == "all" {
			continue
		}
		wd, isDay := strings.CutPrefix(column, "weekday:")
		switch {
		case column == "*":
			if !mentions(row, want) {
				return false
			}
		case isDay:
			t, err := time.Parse(time.DateOnly, want)
			if n, _ := row[wd].(int); err != nil || time.Weekday(n) != t.Weekday() {
				return false
			}
		default:
			if text, _ := row[column].(string); text != want {
				return false
			}
		}
	}
	return true
}

// mentions reports whether any text of a row holds the words, whatever the case.
func mentions(row data, words string) bool {
	for _, v := range row {
		if s, ok := v.(string); ok && strings.Contains(strings.ToLower(s), strings.ToLower(words)) {
			return true
		}
	}
	return false
}
