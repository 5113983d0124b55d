package region

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"zhijian/domain/region/pinyin"
	"zhijian/ground/fault"
)

// Tree is every division, ready to be asked.
type Tree struct {
	all      []Region // by code
	at       map[string]int32
	slugs    map[string]int32
	children [][]int32
	cities   []int32
	places   []place
	weight   []uint8 // how well known among equals: 1 for provincial capitals and the 15 cities of deputy-provincial rank
	latin    []key   // sorted
	han      []key   // sorted
	speller  *pinyin.Speller
}

const (
	tableFile = "regions/regions.csv"
	factsFile = "regions/prefectures.csv"
)

// Load reads the folder regions of the catalogue. An error means that the data is damaged: a code or
// slug given twice, a parent that does not exist, a number that is none.
func Load(fsys fs.FS) (t *Tree, err error) {
	defer fault.Wrap(&err, "load regions")
	rows, err := table(fsys, tableFile, 11)
	if err != nil {
		return nil, err
	}
	t = &Tree{
		at: make(map[string]int32, len(rows)), slugs: make(map[string]int32, 400),
		children: make([][]int32, len(rows)), weight: make([]uint8, len(rows)), speller: pinyin.NewSpeller(),
	}
	syllables := make([][]string, len(rows))
	for i, row := range rows {
		r, err := parse(row)
		if err != nil {
			return nil, err
		}
		if i > 0 && t.all[i-1].Code >= r.Code {
			return nil, fmt.Errorf("%s is out of order or occurs twice", r.Code)
		}
		if _, twice := t.slugs[r.Slug]; twice {
			return nil, fmt.Errorf("slug %s occurs twice", r.Slug)
		}
		syllables[i] = strings.Fields(row[10])
		t.all = append(t.all, r)
		t.at[r.Code] = int32(i)
		if r.Slug != "" {
			t.slugs[r.Slug] = int32(i)
		}
		if r.IsCity() {
			t.cities = append(t.cities, int32(i))
		}
	}
	if err := t.join(); err != nil {
		return nil, err
	}
	if err := t.weigh(fsys); err != nil {
		return nil, err
	}
	t.index(syllables)
	t.place()
	return t, nil
}

func table(fsys fs.FS, path string, columns int) ([][]string, error) {
	f, err := fsys.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = columns
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(rows) < 2 {
		return nil, fmt.Errorf("%s: no rows", path)
	}
	return rows[1:], nil
}

func parse(row []string) (Region, error) {
	r := Region{
		Code: row[0], Name: row[1], Short: row[2], Slug: row[3], En: row[4], Level: Level(row[5]), Kind: row[6],
		Parent: row[7], Pinyin: strings.ReplaceAll(row[10], " ", ""),
	}
	if len(r.Code) != 6 || r.Name == "" || r.Short == "" || r.Pinyin == "" {
		return r, fmt.Errorf("row %q is not whole", row[0])
	}
	if !slices.Contains([]Level{Nation, Province, Prefecture, County}, r.Level) {
		return r, fmt.Errorf("%s: level %q", r.Code, r.Level)
	}
	for syl := range strings.FieldsSeq(row[10]) {
		r.Initials += syl[:1]
	}
	if row[8] == "" {
		return r, nil
	}
	var err error
	if r.Lon, err = strconv.ParseFloat(row[8], 64); err != nil {
		return r, fmt.Errorf("%s: %w", r.Code, err)
	}
	if r.Lat, err = strconv.ParseFloat(row[9], 64); err != nil {
		return r, fmt.Errorf("%s: %w", r.Code, err)
	}
	return r, nil
}

// join hangs every division under its parent.
func (t *Tree) join() error {
	for i, r := range t.all {
		if r.Level == Nation {
			if r.Code != NationCode || r.Parent != "" {
				return fmt.Errorf("%s cannot be the nation", r.Code)
			}
			continue
		}
		p, ok := t.at[r.Parent]
		if !ok || rank(t.all[p].Level) >= rank(r.Level) {
			return fmt.Errorf("%s: parent %q does not stand above it", r.Code, r.Parent)
		}
		t.children[p] = append(t.children[p], int32(i))
	}
	return nil
}

func rank(l Level) int {
	return slices.Index([]Level{Nation, Province, Prefecture, County}, l)
}

// weigh marks the well-known cities, so that of equal matches they come first.
func (t *Tree) weigh(fsys fs.FS) error {
	rows, err := table(fsys, factsFile, 14)
	if err != nil {
		return err
	}
	for _, row := range rows {
		i, ok := t.at[row[0]]
		if !ok {
			return fmt.Errorf("%s: %s is not in %s", factsFile, row[0], tableFile)
		}
		if row[8] == "1" || row[9] == "1" || row[5] == "直辖市" {
			t.weight[i] = 1
		}
	}
	return nil
}
