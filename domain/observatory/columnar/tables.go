package columnar

import (
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/public"
	"zhijian/domain/region"
)

// Table is one file of facts or of the catalogue.
type Table struct {
	Name    string
	Is      string // what a row is, in English
	Columns []Column
	rows    func(src *source, add func(cells ...any))
}

// source is what tables are written from.
type source struct {
	facts  *observatory.Facts
	hidden hidden
	cat    *observatory.Catalog
}

// Facts lists the tables of the folders facts and before.
func Facts() []Table { return factTables }

// Catalogue lists the tables of the folder catalogue.
func Catalogue() []Table { return catalogueTables }

var factTables = []Table{
	{
		"accounts", "an account of the registry, by id",
		[]Column{
			{"id", Text, "names the account in months"},
			{"name", Text, ""},
			{"region_code", Text, "GB/T 2260 of August 2015; 000000 is the nation; NULL when not known"},
			{"country", Text, "ISO 3166-1 alpha-2"},
			{"level", Text, "nation, province, prefecture, county, township"},
			{"sector", Text, "sectors.id"},
			{"institution", Text, "class of medical institution or kind of police; NULL when none is registered"},
			{"kind", Text, "subscription (订阅号) or service (服务号)"},
			{"verified", YesNo, ""},
			{"opened", Day, "NULL when not known"},
			{"department", Text, "name of the organ; NULL when not known"},
		},
		func(src *source, add func(...any)) {
			for _, a := range src.facts.Accounts {
				add(a.ID, orNull(a.Name), orNull(a.Region), orNull(a.Country), orNull(a.Level), orNull(a.Sector), orNull(a.Institution), orNull(a.Kind), a.Verified, orNoDay(a.Opened), orNull(a.Department))
			}
		},
	},
	{
		"months", "an account in a month, by account and month; an account without a row had no activity counted",
		[]Column{
			{"account_id", Text, "accounts.id"},
			{"month", Text, "2015-08"},
			{"active_users", Whole, "distinct people of the account; NULL where it is not published"},
			{"clicks", Whole, "menu and article clicks; NULL when not counted"},
			{"service_visits", Whole, "visits to services behind the account; NULL when not counted"},
		},
		func(src *source, add func(...any)) {
			for i, m := range src.facts.Months {
				var active any = m.Active
				if src.hidden.months[i] {
					active = nil
				}
				add(m.Account, m.Month, active, orNot(m.NoClicks, m.Clicks), orNot(m.NoVisits, m.Visits))
			}
		},
	},
	{
		"places", "a city, by code",
		[]Column{{"region_code", Text, "one of the 338 cities"}, {"city_class", Text, "超大城市, 特大城市, 大城市, 中等城市, 小城市; NULL when not known"}, {"city_service", YesNo, "the city has a city entry"}},
		func(src *source, add func(...any)) {
			for _, p := range src.facts.Places {
				add(p.Region, orNull(p.Class), p.Service)
			}
		},
	},
	{
		"indicators", "an outside figure, by indicator, region and year",
		[]Column{{"region_code", Text, ""}, {"indicator", Text, "gdp_per_head, population, internet_plus_index …; a name ending in _rank is a published rank"}, {"year", Whole, ""}, {"value", Measured, ""}},
		func(src *source, add func(...any)) {
			for _, i := range src.facts.Indicators {
				add(i.Region, i.Indicator, int64(i.Year), i.Value)
			}
		},
	},
	{
		"roster", "departments that could have an account, by region, level and sector",
		[]Column{{"region_code", Text, ""}, {"level", Text, "as of accounts"}, {"sector", Text, "sectors.id; NULL counts all sectors together"}, {"departments", Whole, ""}},
		func(src *source, add func(...any)) {
			for _, r := range src.facts.Rosters {
				add(r.Region, orNull(r.Level), orNull(r.Sector), r.Departments)
			}
		},
	},
	{
		"services", "a kind of service in a city, by both",
		[]Column{{"region_code", Text, "one of the 338 cities"}, {"service", Text, "kinds.id"}, {"launched", YesNo, ""}, {"visits", Whole, "so far; NULL when not counted"}},
		func(src *source, add func(...any)) {
			for _, l := range src.facts.Launches {
				add(l.Region, l.Service, l.Launched, orNot(l.NoVisits, l.Visits))
			}
		},
	},
	{
		"outcomes", "what came of a kind of service in a city in a month, by city, service and month; NULL where a number was not counted, which is not 0, or is not published",
		outcomeColumns(),
		func(src *source, add func(...any)) {
			for i := range src.facts.Outcomes {
				add(outcomeCells(&src.facts.Outcomes[i], func(m observatory.Measure) bool {
					return src.hidden.outcomes[public.OutcomeCell{Row: i, Act: public.ActOf(m)}]
				})...)
			}
		},
	},
}

// outcomeIs says what each measure holds. A measure without words here would be a column nobody can read: the tests look for it.
var outcomeIs = map[observatory.Measure]string{
	observatory.Opened:       "cases opened",
	observatory.Done:         "cases that ended as wished, or with an answer",
	observatory.Refused:      "cases that the office refused",
	observatory.Cancelled:    "cases called off, or left lying until they lapsed",
	observatory.Paid:         "payments that came in",
	observatory.Fen:          "what came in less what went back, in fen (0.01 yuan)",
	observatory.Promised:     "ended cases, done or refused, of a service that promises a time",
	observatory.Kept:         "of promised, cases that ended within it",
	observatory.StepsTaken:   "answers that residents gave in cases",
	observatory.Loads:        "pages loaded for the service",
	observatory.Materials:    "papers the service wants at hand",
	observatory.Departments:  "departments whose systems take part in one case",
	observatory.People:       "distinct residents of the city",
	observatory.Rated:        "cases rated, from 1 to 5 stars",
	observatory.RatingSum:    "their stars together",
	observatory.Satisfied:    "ratings of 4 or 5 stars",
	observatory.Searches:     "searches in the city's entry",
	observatory.Unmet:        "of searches, those that found nothing the city offers",
	observatory.OfficeCalls:  "questions to departments' systems",
	observatory.OfficeFailed: "of office_calls, those without an answer: down, or too late",
	observatory.Checked:      "pages checked for accessibility",
	observatory.Accessible:   "of checked, pages without a violation",
}

func outcomeColumns() []Column {
	list := []Column{
		{"region_code", Text, "one of the 338 cities"},
		{"service", Text, "kinds.id; NULL is the city's entry as a whole"},
		{"month", Text, "2015-08"},
		{"account_id", Text, "accounts.id of the account that answers for the service; NULL when not known"},
		{"took", Text, "how long ended cases took, as bound:cases with a space between, rising: 10:12 50:3 is twelve within 10 seconds and three more within 50. Bounds are 1, 2 and 5 times the powers of ten up to 100000000; a bucket holds what took longer than the bound before it, the last one also what took longer still"},
	}
	for _, m := range observatory.Measures() {
		list = append(list, Column{m.String(), Whole, outcomeIs[m]})
	}
	return list
}

// outcomeCells gives an outcome without the measures that left says are left out. The durations are those of cases.
func outcomeCells(o *observatory.Outcome, left func(observatory.Measure) bool) []any {
	cells := []any{o.Region, orNull(o.Service), o.Month, orNull(o.Account), orNull(o.Took.String())}
	if left(observatory.Done) {
		cells[len(cells)-1] = nil
	}
	for _, m := range observatory.Measures() {
		n, ok := o.Of(m).N()
		if !ok || left(m) {
			cells = append(cells, nil)
			continue
		}
		cells = append(cells, n)
	}
	return cells
}

// orNot gives a number, or NULL when it was not counted.
func orNot(uncounted bool, n int64) any {
	if uncounted {
		return nil
	}
	return n
}

func orNoDay(d observatory.Date) any {
	if d == 0 {
		return nil
	}
	return d
}

var catalogueTables = []Table{
	{
		"regions", "a division, by code",
		[]Column{
			{"code", Text, "GB/T 2260 of August 2015"},
			{"name", Text, ""},
			{"short", Text, "as people say it"},
			{"en", Text, ""},
			{"level", Text, "nation, province, prefecture, county"},
			{"kind", Text, "省, 直辖市, 地级市 …"},
			{"parent", Text, "code of the division above; NULL for the nation"},
			{"band", Text, "east, central, west, as the white paper draws them; NULL for what it leaves out"},
			{"city", YesNo, "one of the 338 cities: prefecture-level divisions and municipalities"},
			{"deputy", YesNo, "of deputy-provincial rank"},
			{"lon", Measured, "degrees, NULL when not known"},
			{"lat", Measured, ""},
		},
		func(src *source, add func(...any)) {
			for _, r := range src.cat.Regions.All() {
				lon, lat := degrees(r)
				add(r.Code, r.Name, r.Short, r.En, string(r.Level), r.Kind, orNull(r.Parent), orNull(src.cat.Band(r.Code)), r.IsCity(), src.cat.DeputyProvincial(r.Code), lon, lat)
			}
		},
	},
	{
		"sectors", "a sector (职能领域), by id",
		[]Column{{"id", Text, "f01 … f54"}, {"name", Text, ""}, {"en", Text, ""}, {"class", Text, "comprehensive, functional, livelihood"}},
		func(src *source, add func(...any)) {
			for _, s := range src.cat.Sectors.All() {
				add(s.ID, s.Name, s.En, string(s.Class))
			}
		},
	},
	{
		"kinds", "a kind of service of the city entry, in the catalogue's order",
		[]Column{{"no", Whole, "place in the catalogue, from 1"}, {"id", Text, ""}, {"name", Text, ""}, {"en", Text, ""}, {"group", Text, "groups.id"}},
		func(src *source, add func(...any)) {
			for i, k := range src.cat.Kinds {
				add(int64(i+1), k.ID, k.Name, k.En, k.Group)
			}
		},
	},
	{
		"groups", "a group of the city entry, in the catalogue's order",
		[]Column{{"no", Whole, "place in the catalogue, from 1"}, {"id", Text, ""}, {"name", Text, ""}, {"en", Text, ""}},
		func(src *source, add func(...any)) {
			for i, g := range src.cat.Groups {
				add(int64(i+1), g.ID, g.Name, g.En)
			}
		},
	},
}

func degrees(r region.Region) (lon, lat any) {
	if r.Lon == 0 && r.Lat == 0 {
		return nil, nil
	}
	return r.Lon, r.Lat
}
