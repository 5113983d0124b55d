package editions

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"zhijian/domain/observatory"
)

// table is one file of facts: the columns that the import reads, in this order.
type table struct {
	name    string
	lately  bool // came after the first editions: without rows there is no file, so that their sums stay as they were
	columns []string
	rows    func(f *observatory.Facts, write func(cells ...string) error) error
	take    func(f *observatory.Facts, c []string) error
}

var tables = []table{
	{
		"accounts.csv", false,
		[]string{"id", "name", "region_code", "country", "level", "sector", "institution", "kind", "verified", "opened", "department"},
		func(f *observatory.Facts, write func(...string) error) error {
			return each(f.Accounts, func(a *observatory.Account) error {
				return write(a.ID, a.Name, a.Region, a.Country, string(a.Level), a.Sector, a.Institution, string(a.Kind), flag(a.Verified), a.Opened.String(), a.Department)
			})
		},
		func(f *observatory.Facts, c []string) error {
			opened, ok := observatory.ParseDate(c[9])
			if !ok && c[9] != "" {
				return fmt.Errorf("%q is no date", c[9])
			}
			f.Accounts = append(f.Accounts, observatory.Account{
				ID: c[0], Name: c[1], Region: c[2], Country: c[3], Level: observatory.Level(c[4]), Sector: c[5], Institution: c[6],
				Kind: observatory.Kind(c[7]), Verified: c[8] == "1", Opened: opened, Department: c[10],
			})
			return nil
		},
	},
	{
		"months.csv", false,
		[]string{"account_id", "month", "active_users", "clicks", "service_visits"},
		func(f *observatory.Facts, write func(...string) error) error {
			return each(f.Months, func(m *observatory.Month) error {
				return write(m.Account, m.Month, whole(m.Active), unless(m.NoClicks, m.Clicks), unless(m.NoVisits, m.Visits))
			})
		},
		func(f *observatory.Facts, c []string) error {
			n, err := countedOr(c[2:5])
			f.Months = append(f.Months, observatory.Month{Account: c[0], Month: c[1], Active: n[0], Clicks: n[1], Visits: n[2], NoClicks: c[3] == "", NoVisits: c[4] == ""})
			return err
		},
	},
	{
		"places.csv", false,
		[]string{"region_code", "city_class", "city_service"},
		func(f *observatory.Facts, write func(...string) error) error {
			return each(f.Places, func(p *observatory.Place) error { return write(p.Region, p.Class, flag(p.Service)) })
		},
		func(f *observatory.Facts, c []string) error {
			f.Places = append(f.Places, observatory.Place{Region: c[0], Class: c[1], Service: c[2] == "1"})
			return nil
		},
	},
	{
		"indicators.csv", false,
		[]string{"region_code", "indicator", "year", "value"},
		func(f *observatory.Facts, write func(...string) error) error {
			return each(f.Indicators, func(i *observatory.Indicator) error {
				return write(i.Region, i.Indicator, strconv.Itoa(i.Year), strconv.FormatFloat(i.Value, 'f', -1, 64))
			})
		},
		func(f *observatory.Facts, c []string) error {
			year, err1 := strconv.Atoi(c[2])
			v, err2 := strconv.ParseFloat(c[3], 64)
			f.Indicators = append(f.Indicators, observatory.Indicator{Region: c[0], Indicator: c[1], Year: year, Value: v})
			return errors.Join(err1, err2)
		},
	},
	{
		"roster.csv", false,
		[]string{"region_code", "level", "sector", "departments"},
		func(f *observatory.Facts, write func(...string) error) error {
			return each(f.Rosters, func(r *observatory.Roster) error {
				return write(r.Region, string(r.Level), r.Sector, whole(r.Departments))
			})
		},
		func(f *observatory.Facts, c []string) error {
			n, err := wholes(c[3:4])
			f.Rosters = append(f.Rosters, observatory.Roster{Region: c[0], Level: observatory.Level(c[1]), Sector: c[2], Departments: n[0]})
			return err
		},
	},
	{
		"services.csv", false,
		[]string{"region_code", "service", "launched", "visits"},
		func(f *observatory.Facts, write func(...string) error) error {
			return each(f.Launches, func(l *observatory.Launch) error {
				return write(l.Region, l.Service, flag(l.Launched), unless(l.NoVisits, l.Visits))
			})
		},
		func(f *observatory.Facts, c []string) error {
			n, err := countedOr(c[3:4])
			f.Launches = append(f.Launches, observatory.Launch{Region: c[0], Service: c[1], Launched: c[2] == "1", Visits: n[0], NoVisits: c[3] == ""})
			return err
		},
	},
	{
		"outcomes.csv", true,
		observatory.OutcomeColumns(),
		func(f *observatory.Facts, write func(...string) error) error {
			return each(f.Outcomes, func(o *observatory.Outcome) error { return write(o.Row()...) })
		},
		func(f *observatory.Facts, c []string) error {
			o, err := observatory.ReadOutcome(c)
			f.Outcomes = append(f.Outcomes, o)
			return err
		},
	},
}

func each[T any](list []T, visit func(*T) error) error {
	for i := range list {
		if err := visit(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

func flag(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }

// unless gives a number, or nothing when it was not counted.
func unless(uncounted bool, n int64) string {
	if uncounted {
		return ""
	}
	return whole(n)
}

// countedOr reads numbers of which some may not be counted, which are 0 then.
func countedOr(cells []string) ([]int64, error) {
	out := make([]int64, len(cells))
	for i, c := range cells {
		n, ok := observatory.ParseCounted(c)
		if !ok {
			return out, fmt.Errorf("%q is no number", c)
		}
		out[i], _ = n.N()
	}
	return out, nil
}

func wholes(cells []string) ([]int64, error) {
	out := make([]int64, len(cells))
	for i, c := range cells {
		n, err := strconv.ParseInt(c, 10, 64)
		if err != nil {
			return out, err
		}
		out[i] = n
	}
	return out, nil
}

// encode writes facts as tables, in canonical order.
func encode(f *observatory.Facts) (map[string][]byte, error) {
	if !f.Sorted() {
		f = f.Clone()
		f.Sort()
	}
	files := map[string][]byte{}
	for _, t := range tables {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		rows := 0
		if err := w.Write(t.columns); err != nil {
			return nil, err
		}
		if err := t.rows(f, func(cells ...string) error { rows++; return w.Write(cells) }); err != nil {
			return nil, err
		}
		if t.lately && rows == 0 {
			continue
		}
		w.Flush()
		if err := w.Error(); err != nil {
			return nil, err
		}
		files[t.name] = b.Bytes()
	}
	return files, nil
}

// decode reads what encode wrote. The sums have been compared, so that only the form is looked at.
func decode(files map[string][]byte) (*observatory.Facts, error) {
	f := &observatory.Facts{}
	lines := func(name string) int { return bytes.Count(files[name], []byte("\n")) }
	f.Accounts = make([]observatory.Account, 0, lines("accounts.csv"))
	f.Months = make([]observatory.Month, 0, lines("months.csv"))
	for _, t := range tables {
		if _, ok := files[t.name]; !ok && t.lately {
			continue
		}
		r := csv.NewReader(bytes.NewReader(files[t.name]))
		r.ReuseRecord, r.FieldsPerRecord = true, len(t.columns)
		head, err := r.Read()
		if err != nil || !slices.Equal(head, t.columns) {
			return nil, fmt.Errorf("%s: not a table of this version: %w", t.name, errors.Join(err, ErrChanged))
		}
		for {
			row, err := r.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			if err == nil {
				err = t.take(f, row)
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", t.name, err)
			}
		}
	}
	return f, nil
}
