// Package sector knows the 54 lines of government work (职能领域) in three classes.
//
// 45 are those of the white paper's appendix 2, five are named inside its "other", four are assumed to reach the 54 it
// counts; docs/data.md says which. A Table never changes after Load and may be used from many goroutines at once.
package sector

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"slices"

	"zhijian/ground/fault"
)

// Class is what kind of work a sector does (white paper, 3.1).
type Class string

// The classes.
const (
	Comprehensive Class = "comprehensive" // 综合: party, congress, government offices, subdistricts
	Functional    Class = "functional"    // 职能: one department's line of work
	Livelihood    Class = "livelihood"    // 民生: what residents live by
)

// Sector is one line of work.
type Sector struct {
	ID    string // "f01" to "f54", stable
	Name  string // 公安
	En    string // "public security"
	Class Class
}

// Table holds all sectors.
type Table struct {
	all    []Sector
	byID   map[string]int
	byName map[string]int
}

const file = "sectors/sectors.csv"

// Load reads the folder sectors of the catalogue. An error means that the data is damaged.
func Load(fsys fs.FS) (t *Table, err error) {
	defer fault.Wrap(&err, "load sectors")
	f, err := fsys.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = 8
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(rows) < 2 {
		return nil, fmt.Errorf("%s: no rows", file)
	}
	t = &Table{byID: map[string]int{}, byName: map[string]int{}}
	for i, row := range rows[1:] {
		s := Sector{ID: row[0], Name: row[1], En: row[2], Class: Class(row[3])}
		if s.ID == "" || s.Name == "" || s.En == "" || !slices.Contains([]Class{Comprehensive, Functional, Livelihood}, s.Class) {
			return nil, fmt.Errorf("%s: row %d is not whole", file, i+1)
		}
		if _, twice := t.byID[s.ID]; twice {
			return nil, fmt.Errorf("%s: %s occurs twice", file, s.ID)
		}
		t.byID[s.ID] = i
		for _, name := range []string{s.Name, row[4]} { // row[4] is another spelling, or empty
			if _, twice := t.byName[name]; twice {
				return nil, fmt.Errorf("%s: %s occurs twice", file, name)
			}
			if name != "" {
				t.byName[name] = i
			}
		}
		t.all = append(t.all, s)
	}
	return t, nil
}

// All lists the sectors in the order of appendix 2.
func (t *Table) All() []Sector { return slices.Clone(t.all) }

// Find gives the sector with an id; false when there is none.
func (t *Table) Find(id string) (Sector, bool) { return t.get(t.byID, id) }

// ByName gives the sector called so, 公安 or by its other spelling 文体广电; false when there is none.
func (t *Table) ByName(name string) (Sector, bool) { return t.get(t.byName, name) }

func (t *Table) get(index map[string]int, key string) (Sector, bool) {
	i, ok := index[key]
	if !ok {
		return Sector{}, false
	}
	return t.all[i], true
}
