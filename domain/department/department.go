// Package department knows the organs that run accounts and offer services.
//
// A department is known by its slug for ever; putting it again changes its other fields, and
// putting the same again changes nothing and tells nobody. Departments are public: everybody may read them.
package department

import (
	"slices"
	"unicode/utf8"

	"zhijian/ground/fault"
)

// Department is one organ.
type Department struct {
	ID     int64
	Slug   string // unique: "hangzhou-traffic-police"
	Name   string // full legal name: 杭州市公安局交通警察支队
	En     string
	Region string // GB/T 2260 code
	Level  string // nation, province, prefecture, county, township
	Sector string // sector id
	Phone  string
}

// Levels lists the levels of government, highest first.
func Levels() []string { return []string{"nation", "province", "prefecture", "county", "township"} }

// check refuses a department that could not be shown; all faults at once.
func (d Department) check() error {
	var slug, name, region, level, sector, phone *fault.Error
	if !word(d.Slug) {
		slug = fault.Invalid("department.slug", "部门代号用小写字母、数字和短横线，例如 hangzhou-police").On("slug")
	}
	if n := utf8.RuneCountInString(d.Name); n < 2 || n > 60 {
		name = fault.Invalid("department.name", "部门名称请填全称，2 到 60 个字").On("name")
	}
	if !code(d.Region) {
		region = fault.Invalid("department.region", "地区请填 6 位行政区划代码").On("region")
	}
	if !slices.Contains(Levels(), d.Level) {
		level = fault.Invalid("department.level", "层级请从国家、省、市、县、乡里选一个").On("level")
	}
	if !word(d.Sector) {
		sector = fault.Invalid("department.sector", "请选部门所属的领域").On("sector")
	}
	if len(d.Phone) > 40 {
		phone = fault.Invalid("department.phone", "电话太长，请只填一个号码").On("phone")
	}
	return fault.Join(slug, name, region, level, sector, phone)
}

// word reports whether s may stand in a URL: a-z, 0-9 and hyphens inside.
func word(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && (c != '-' || i == 0 || i == len(s)-1) {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// code reports whether s has the form of a GB/T 2260 code.
func code(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) == 6
}
