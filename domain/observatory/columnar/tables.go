package columnar

import (
	"zhijian/domain/observatory"
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
	hidden map[int]bool // rows of months whose active users are left out
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
			{"clicks", Whole, "menu and article clicks"},
			{"service_visits", Whole, "visits to services behind the account"},
		},
		func(src *source, add func(...any)) {
			for i, m := range src.facts.Months {
				var active any = m.Active
				if src.hidden[i] {
					active = nil
				}
				add(m.Account, m.Month, active, m.Clicks, m.Visits)
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
		[]Column{{"region_code", Text, "one of the 338 cities"}, {"service", Text, "kinds.id"}, {"launched", YesNo, ""}, {"visits", Whole, "so far"}},
		func(src *source, add func(...any)) {
			for _, l := range src.facts.Launches {
				add(l.Region, l.Service, l.Launched, l.Visits)
			}
		},
	},
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
