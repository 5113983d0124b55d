package editions

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"zhijian/domain/observatory"
	"zhijian/ground/fault"
)

// Difference is one place where two editions, or an edition and its recomputation, are not equal.
type Difference struct {
	Exhibit string `json:"exhibit"`
	Row     string `json:"row,omitempty"` // the first cell of the row; "" is the exhibit as a whole
	Column  string `json:"column"`
	Kept    string `json:"was"`
	Now     string `json:"is"`
}

// String says it in a sentence.
func (d Difference) String() string {
	switch {
	case d.Exhibit == "":
		return d.Now
	case d.Row == "":
		return fmt.Sprintf("exhibit %s: %s is %q, was %q", d.Exhibit, d.Column, d.Now, d.Kept)
	}
	return fmt.Sprintf("exhibit %s, row %s, column %s: is %s, was %s", d.Exhibit, d.Row, d.Column, or(d.Now, "nothing"), or(d.Kept, "nothing"))
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// Verify rebuilds every exhibit of an edition from its facts. nil means that all are equal to the byte; otherwise the first
// difference. fault.Conflict when the edition was never computed.
func (s *Shelf) Verify(name string, cat *observatory.Catalog) (*Difference, Manifest, error) {
	facts, previous, m, err := s.Both(name)
	if errors.Is(err, ErrChanged) {
		return &Difference{Now: err.Error()}, m, nil
	}
	if err != nil {
		return nil, m, err
	}
	if len(m.Exhibits) == 0 {
		return nil, m, uncomputed(name)
	}
	if m.Previous != "" {
		before, err := s.Manifest(m.Previous)
		if err != nil {
			return nil, m, err
		}
		if before.FactsSum != m.PreviousSum {
			return &Difference{Now: fmt.Sprintf("edition %s, with which it is compared, was replaced since", m.Previous)}, m, nil
		}
	}
	now, err := observatory.Compute(facts, previous, cat)
	if err != nil {
		return nil, m, err
	}
	d, err := s.against(m, now)
	if d == nil && err == nil {
		d, err = s.corrected(m, now)
	}
	return d, m, err
}

func uncomputed(name string) error {
	return fault.Conflict("edition.uncomputed", "版次 %s 还没有计算，请先运行 compute", name)
}

// against compares what is kept with what was computed now.
func (s *Shelf) against(m Manifest, now []observatory.Exhibit) (*Difference, error) {
	seen := 0
	for i := range now {
		want, err := EncodeExhibit(&now[i])
		if err != nil {
			return nil, err
		}
		id := now[i].ID
		if _, ok := m.Exhibits[id]; !ok {
			return &Difference{Exhibit: id, Column: "exhibit", Now: "computed", Kept: "not kept"}, nil
		}
		seen++
		got, err := os.ReadFile(s.path(m.Name, m.exhibitFolder(), id+".json"))
		if err != nil {
			return &Difference{Exhibit: id, Column: "file", Now: "computed", Kept: "cannot be read"}, nil
		}
		if string(got) == string(want) && sum(got) == m.Exhibits[id] {
			continue
		}
		var kept observatory.Exhibit
		if err := json.Unmarshal(got, &kept); err != nil {
			return &Difference{Exhibit: id, Column: "file", Now: "computed", Kept: "no JSON"}, nil
		}
		if list := Differ(&kept, &now[i], 1); len(list) > 0 {
			return &list[0], nil
		}
		return &Difference{Exhibit: id, Column: "sum", Now: sum(want), Kept: m.Exhibits[id]}, nil
	}
	if seen != len(m.Exhibits) || sumOf(m.Exhibits) != m.ExhibitsSum {
		return &Difference{Exhibit: "all", Column: "number of exhibits", Now: fmt.Sprint(seen), Kept: fmt.Sprint(len(m.Exhibits))}, nil
	}
	return nil, nil
}

// Differ lists up to limit places where two exhibits are not equal: their text, their warnings, then cells by row and column.
func Differ(kept, now *observatory.Exhibit, limit int) (list []Difference) {
	say := func(row, column, was, is string) {
		if was != is && len(list) < limit {
			list = append(list, Difference{now.ID, row, column, was, is})
		}
	}
	say("", "title", kept.Title.Zh, now.Title.Zh)
	say("", "base", kept.Base.Zh, now.Base.Zh)
	say("", "n", fmt.Sprint(kept.N), fmt.Sprint(now.N))
	say("", "method", kept.Method.Zh, now.Method.Zh)
	rows := map[string][]observatory.Cell{}
	for _, r := range kept.Rows {
		rows[r[0].String()] = r
	}
	for _, r := range now.Rows {
		key := r[0].String()
		old, ok := rows[key]
		delete(rows, key)
		if !ok {
			say(key, now.Columns[0].ID, "", key)
			continue
		}
		for i, c := range now.Columns {
			was, at := "", kept.Column(c.ID)
			if at >= 0 && at < len(old) {
				was = old[at].String()
			}
			say(key, c.ID, was, r[i].String())
		}
	}
	for _, r := range kept.Rows {
		if key := r[0].String(); rows[key] != nil {
			say(key, kept.Columns[0].ID, key, "")
		}
	}
	for i := range max(len(kept.Warnings), len(now.Warnings)) {
		say("", fmt.Sprintf("warning %d", i+1), warning(kept, i), warning(now, i))
	}
	return list
}

func warning(e *observatory.Exhibit, i int) string {
	if i >= len(e.Warnings) {
		return ""
	}
	return e.Warnings[i].ID + ": " + e.Warnings[i].Text.Zh
}

// Compare lists what changed from one edition to another, exhibit by exhibit, at most limit places of each.
func (s *Shelf) Compare(from, to string, limit int) (list []Difference, err error) {
	before, err := s.Exhibits(from)
	if err != nil {
		return nil, err
	}
	after, err := s.Exhibits(to)
	if err != nil {
		return nil, err
	}
	return differences(before, after, limit), nil
}

// differences lists what is not equal, exhibit by exhibit, at most limit places of each; exhibits that are gone come last.
func differences(before, after []observatory.Exhibit, limit int) (list []Difference) {
	byID := map[string]*observatory.Exhibit{}
	for i := range before {
		byID[before[i].ID] = &before[i]
	}
	for i := range after {
		if old := byID[after[i].ID]; old != nil {
			list = append(list, Differ(old, &after[i], limit)...)
		} else {
			list = append(list, Difference{Exhibit: after[i].ID, Column: "exhibit", Now: "new"})
		}
		delete(byID, after[i].ID)
	}
	for i := range before {
		if byID[before[i].ID] != nil {
			list = append(list, Difference{Exhibit: before[i].ID, Column: "exhibit", Kept: "kept", Now: "gone"})
		}
	}
	return list
}
