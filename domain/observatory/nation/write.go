package nation

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"zhijian/domain/observatory"
	"zhijian/ground/fault"
)

// File is one table of facts that the import reads.
type File struct {
	Name  string // "accounts.csv"
	Write func(io.Writer) error
}

// Files lists the tables of an edition: accounts, months, places, indicators, roster, services and outcomes. UTF-8, LF ends, one header row; the same
// facts are the same bytes. A table without rows has its header.
func Files(f observatory.Facts) []File {
	return []File{
		{"accounts.csv", func(w io.Writer) error { return WriteAccounts(w, f.Accounts) }},
		{"months.csv", func(w io.Writer) error { return WriteMonths(w, f.Months) }},
		{"places.csv", func(w io.Writer) error { return WritePlaces(w, f.Places) }},
		{"indicators.csv", func(w io.Writer) error { return WriteIndicators(w, f.Indicators) }},
		{"roster.csv", func(w io.Writer) error { return WriteRoster(w, f.Rosters) }},
		{"services.csv", func(w io.Writer) error { return WriteServices(w, f.Launches) }},
		{"outcomes.csv", func(w io.Writer) error { return WriteOutcomes(w, f.Outcomes) }},
	}
}

// write writes a header and a row for each thing; row fills the fields it is given.
func write[T any](w io.Writer, name string, header []string, list []T, row func(T, []string)) (err error) {
	defer fault.Wrap(&err, "write %s", name)
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return err
	}
	fields := make([]string, len(header))
	for _, v := range list {
		row(v, fields)
		if err := out.Write(fields); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// WriteAccounts writes accounts.csv.
func WriteAccounts(w io.Writer, list []observatory.Account) error {
	header := []string{
		"id", "name", "region_code", "country", "level", "sector", "institution", "kind", "verified", "opened", "department",
	}
	return write(w, "accounts.csv", header, list, func(a observatory.Account, f []string) {
		f[0], f[1], f[2], f[3], f[4], f[5] = a.ID, a.Name, a.Region, a.Country, string(a.Level), a.Sector
		f[6], f[7], f[8], f[9], f[10] = a.Institution, string(a.Kind), flag(a.Verified), day(a.Opened), a.Department
	})
}

// WriteMonths writes months.csv.
func WriteMonths(w io.Writer, list []observatory.Month) error {
	header := []string{"account_id", "month", "active_users", "clicks", "service_visits"}
	return write(w, "months.csv", header, list, func(m observatory.Month, f []string) {
		f[0], f[1] = m.Account, m.Month
		f[2], f[3], f[4] = strconv.FormatInt(m.Active, 10), unless(m.NoClicks, m.Clicks), unless(m.NoVisits, m.Visits)
	})
}

// WritePlaces writes places.csv.
func WritePlaces(w io.Writer, list []observatory.Place) error {
	return write(w, "places.csv", []string{"region_code", "city_class", "city_service"}, list, func(p observatory.Place, f []string) {
		f[0], f[1], f[2] = p.Region, p.Class, flag(p.Service)
	})
}

// WriteIndicators writes indicators.csv.
func WriteIndicators(w io.Writer, list []observatory.Indicator) error {
	header := []string{"region_code", "indicator", "year", "value"}
	return write(w, "indicators.csv", header, list, func(i observatory.Indicator, f []string) {
		f[0], f[1], f[2], f[3] = i.Region, i.Indicator, strconv.Itoa(i.Year), strconv.FormatFloat(i.Value, 'f', -1, 64)
	})
}

// WriteRoster writes roster.csv.
func WriteRoster(w io.Writer, list []observatory.Roster) error {
	header := []string{"region_code", "level", "sector", "departments"}
	return write(w, "roster.csv", header, list, func(r observatory.Roster, f []string) {
		f[0], f[1], f[2], f[3] = r.Region, string(r.Level), r.Sector, strconv.FormatInt(r.Departments, 10)
	})
}

// WriteServices writes services.csv.
func WriteServices(w io.Writer, list []observatory.Launch) error {
	header := []string{"region_code", "service", "launched", "visits"}
	return write(w, "services.csv", header, list, func(l observatory.Launch, f []string) {
		f[0], f[1], f[2], f[3] = l.Region, l.Service, flag(l.Launched), unless(l.NoVisits, l.Visits)
	})
}

// WriteOutcomes writes outcomes.csv.
func WriteOutcomes(w io.Writer, list []observatory.Outcome) error {
	return write(w, "outcomes.csv", observatory.OutcomeColumns(), list, func(o observatory.Outcome, f []string) { copy(f, o.Row()) })
}

// unless gives a number, or nothing when it was not counted.
func unless(uncounted bool, n int64) string {
	if uncounted {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func flag(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func day(d observatory.Date) string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d/10000, d/100%100, d%100)
}
