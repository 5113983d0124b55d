package nation

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"slices"
	"strconv"

	"zhijian/domain/region"
	"zhijian/domain/sector"
	"zhijian/ground/fault"
)

// paper is what is printed, and what we assume where nothing is.
type paper struct {
	tree        *region.Tree
	prefectures []prefecture // by account rank
	provinces   []province   // the 31, by code
	sectors     []line       // by id
	cities      []fixedClass
	named       []namedAccount
	index       []indexRelation
	countries   []string // codes
	countryName map[string]string
	groupSector map[string]string // sector by group of the city entry
	kinds       []kind
}

type prefecture struct {
	code, short  string
	province     int
	accountRank  int
	activeRank   int
	accounts     int // table 3; 0 when not printed
	serviceShare int // percent, table 3; 0 when not printed
}

type province struct {
	code, name   string
	municipality bool
	accounts     int // tables 1 and 2; 0 when not printed
	accounts2014 int
	gdpRank      int
	population   int // of 10,000 people
	activeRank27 int // by total active users; 0 when not printed
	meanRank     int // by active users per account, among 31; 0 when not printed
}

// line is one of the 54 sectors with its totals.
type line struct {
	id           string
	accounts     int
	accounts2014 int
	users        float64
	kept         int // percent of an account's users that it had a year before
	visitRank    int // 0: no service account
	clickRank    int
	organs       [3]string // of a prefecture or county, a province, the nation; "" when there is none
	names        []string
}

type fixedClass struct{ code, class string }

type namedAccount struct {
	name, place, sector string
	users               int64 // more than so many; 0 when not printed
}

// indexRelation is a statement about a province in section 4.1.
type indexRelation struct {
	code, relation string
	rank, ahead    int // index rank, places the mean rank is ahead; 0 when not printed
}

// kind is one of the 101 kinds of service.
// kind is one of the 101 kinds of service; of is its type: query, payment …
type kind struct{ id, group, of string }

// sheet is a table read by the names of its columns.
type sheet struct {
	file    string
	columns []string
	rows    [][]string
	wrong   error
}

func open(fsys fs.FS, file string) (*sheet, error) {
	f, err := fsys.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(rows) < 2 {
		return nil, fmt.Errorf("%s: no rows", file)
	}
	return &sheet{file: file, columns: rows[0], rows: rows[1:]}, nil
}

func (s *sheet) text(row []string, column string) string {
	i := slices.Index(s.columns, column)
	if i < 0 {
		s.wrong = fmt.Errorf("%s: no column %s", s.file, column)
		return ""
	}
	return row[i]
}

// number is 0 for an empty cell.
func (s *sheet) number(row []string, column string) int {
	text := s.text(row, column)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		s.wrong = fmt.Errorf("%s: %s: %w", s.file, column, err)
	}
	return n
}

// each reads a table row by row.
func each(fsys fs.FS, file string, do func(s *sheet, row []string)) error {
	s, err := open(fsys, file)
	if err != nil {
		return err
	}
	for _, row := range s.rows {
		if do(s, row); s.wrong != nil {
			return s.wrong
		}
	}
	return nil
}

// read gives the paper's facts and our assumptions from the catalogue.
func read(fsys fs.FS) (p *paper, err error) {
	defer fault.Wrap(&err, "read the white paper")
	p = &paper{countryName: map[string]string{}, groupSector: map[string]string{}}
	if p.tree, err = region.Load(fsys); err != nil {
		return nil, err
	}
	table, err := sector.Load(fsys)
	if err != nil {
		return nil, err
	}
	for _, step := range []func(fs.FS) error{p.readProvinces, p.readPrefectures, p.readSectors, p.readRest} {
		if err := step(fsys); err != nil {
			return nil, err
		}
	}
	if len(p.sectors) != len(table.All()) || len(p.provinces) != 31 || len(p.prefectures) != 334 {
		return nil, fmt.Errorf("%d sectors, %d provinces, %d prefectures", len(p.sectors), len(p.provinces), len(p.prefectures))
	}
	return p, nil
}
