package intake

import (
	"slices"
	"strings"

	"zhijian/domain/observatory"
)

var accounts = table{
	columns: []string{"id", "name", "region_code", "level", "sector", "kind", "verified", "country", "institution", "opened", "department"},
	needed:  7,
	take:    takeAccount,
}

func takeAccount(d *desk, r *row) {
	a := observatory.Account{
		ID: r.cell(0), Name: r.cell(1), Region: r.region(2, true), Level: r.level(3), Sector: r.sector(4, false), Kind: r.kind(5),
		Verified: r.flag(6), Country: r.country(7), Institution: r.oneOf(8, Institutions), Opened: r.date(9), Department: r.cell(10),
	}
	if a.ID == "" {
		r.refuse("id", "missing", "the account has no id")
	}
	if a.Name == "" {
		r.refuse("name", "missing", "the account has no name")
	}
	if a.Region != "" && a.Country != "CN" && a.Country != ownCountry[a.Region] {
		r.refuse("region_code", "country", "an account of %s cannot lie in %s, which is a Chinese code", a.Country, a.Region)
	}
	if found, ok := d.cat.Regions.Find(a.Region); ok && !r.bad {
		if want := slices.Index([]observatory.Level{observatory.National, observatory.Provincial, observatory.Municipal, observatory.County}, a.Level); want >= 0 && at(found.Level) > want {
			d.warn(problem(r.file, r.line, "level", "level", "the account's level %s is above its place, %s", a.Level, found.Name))
		}
	}
	r.once("id", a.ID)
	if !r.bad {
		d.accounts[a.ID] = struct{}{}
		d.facts.Accounts = append(d.facts.Accounts, a)
	}
}

// ownCountry are the codes that ISO 3166 has for regions of GB/T 2260.
var ownCountry = map[string]string{"710000": "TW", "810000": "HK", "820000": "MO"}

// country takes two capital letters; nothing means China.
func (r *row) country(column int) string {
	v := r.cell(column)
	if v == "" || v == "CN" {
		return "CN"
	}
	if len(v) != 2 || strings.ToUpper(v) != v || v[0] < 'A' || v[0] > 'Z' || v[1] < 'A' || v[1] > 'Z' {
		r.refuse(r.columns[column], "country", "%q is no country code of two capital letters (ISO 3166-1)", v)
	}
	return v
}

var months = table{columns: []string{"account_id", "month", "active_users", "clicks", "service_visits"}, needed: 3, take: takeMonth, counts: []int{3, 4}}

func takeMonth(d *desk, r *row) {
	m := observatory.Month{Account: r.cell(0), Month: r.cell(1), Active: r.count(2)}
	m.Clicks, m.NoClicks = r.ifCounted(3)
	m.Visits, m.NoVisits = r.ifCounted(4)
	if _, _, ok := observatory.ParseMonth(m.Month); !ok {
		r.refuse("month", "month", "%q is no month; write 2015-08", m.Month)
	}
	if _, known := d.accounts[m.Account]; !known {
		r.refuse("account_id", "account", "%q is no account of the registry, or its row was refused", m.Account)
	}
	r.once("month", m.Account+"\x00"+m.Month)
	if !r.bad {
		d.facts.Months = append(d.facts.Months, m)
	}
}

var places = table{columns: []string{"region_code", "city_class", "city_service"}, needed: 1, take: takePlace}

func takePlace(d *desk, r *row) {
	p := observatory.Place{Region: r.city(0), Class: r.oneOf(1, CityClasses)}
	if r.cell(2) != "" {
		p.Service = r.flag(2)
	}
	r.once("region_code", p.Region)
	if !r.bad {
		d.facts.Places = append(d.facts.Places, p)
	}
}

var indicators = table{columns: []string{"region_code", "indicator", "year", "value"}, needed: 4, take: takeIndicator}

func takeIndicator(d *desk, r *row) {
	i := observatory.Indicator{Region: r.region(0, false), Indicator: r.cell(1), Year: int(r.count(2)), Value: r.number(3)}
	if i.Indicator == "" {
		r.refuse("indicator", "missing", "the indicator has no name")
	}
	if i.Year < 1949 || i.Year > 2200 {
		r.refuse("year", "year", "%q is no year of four digits", r.cell(2))
	}
	r.once("indicator", i.Region+"\x00"+i.Indicator+"\x00"+r.cell(2))
	if !r.bad {
		d.facts.Indicators = append(d.facts.Indicators, i)
	}
}

var rosters = table{columns: []string{"region_code", "level", "sector", "departments"}, needed: 4, take: takeRoster}

func takeRoster(d *desk, r *row) {
	o := observatory.Roster{Region: r.region(0, false), Level: r.level(1), Sector: r.sector(2, true), Departments: r.count(3)}
	r.once("region_code", o.Region+"\x00"+string(o.Level)+"\x00"+o.Sector)
	if !r.bad {
		d.facts.Rosters = append(d.facts.Rosters, o)
	}
}

var launches = table{columns: []string{"region_code", "service", "launched", "visits"}, needed: 3, take: takeLaunch, counts: []int{3}}

func takeLaunch(d *desk, r *row) {
	l := observatory.Launch{Region: r.city(0), Service: r.cell(1), Launched: r.flag(2)}
	l.Visits, l.NoVisits = r.ifCounted(3)
	if !d.cat.Offered(l.Service) {
		r.refuse("service", "service", "%q is no kind of service of the catalogue", l.Service)
	}
	if !l.Launched && l.Visits > 0 {
		d.warn(problem(r.file, r.line, "visits", "unlaunched", "visits are counted for a service that the city has not launched"))
	}
	r.once("service", l.Region+"\x00"+l.Service)
	if !r.bad {
		d.facts.Launches = append(d.facts.Launches, l)
	}
}

var outcomes = table{columns: observatory.OutcomeColumns(), needed: 3, take: takeOutcome}

func takeOutcome(d *desk, r *row) {
	o := observatory.Outcome{Region: r.city(0), Service: r.cell(1), Month: r.cell(2), Account: r.cell(3)}
	if o.Service != "" && !d.cat.Offered(o.Service) {
		r.refuse("service", "service", "%q is no kind of service of the catalogue; leave it empty for the city's entry as a whole", o.Service)
	}
	if _, _, ok := observatory.ParseMonth(o.Month); !ok {
		r.refuse("month", "month", "%q is no month; write 2015-08", o.Month)
	}
	if _, known := d.accounts[o.Account]; !known && o.Account != "" {
		r.refuse("account_id", "account", "%q is no account of the registry, or its row was refused", o.Account)
	}
	took, ok := observatory.ParseDurations(r.cell(4))
	if !ok {
		r.refuse("took", "took", "%q is no list of durations; write 10:12 50:3 for twelve cases within 10 seconds and three more within 50, with bounds of 1, 2 and 5 times the powers of ten", r.cell(4))
	}
	o.Took = took
	for i, m := range observatory.Measures() {
		o.Counts[m] = r.counted(5+i, m == observatory.Fen)
	}
	if part, whole, found := o.Contradiction(); found && !r.bad {
		r.refuse(part.String(), "part", "%s %s cannot be, with %s %s", o.Of(part), part, o.Of(whole), whole)
	}
	if n, known := o.Ended().N(); known && o.Took.N() > n && !r.bad {
		r.refuse("took", "part", "%d durations are given of %d cases that ended", o.Took.N(), n)
	}
	r.once("service", o.Region+"\x00"+o.Service+"\x00"+o.Month)
	if !r.bad {
		d.facts.Outcomes = append(d.facts.Outcomes, o)
	}
}
