package intake

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"zhijian/domain/observatory"
	"zhijian/domain/region"
)

var levels = map[string]observatory.Level{
	"nation": observatory.National, "national": observatory.National, "国家": observatory.National, "国家级": observatory.National, "中央": observatory.National,
	"province": observatory.Provincial, "provincial": observatory.Provincial, "省": observatory.Provincial, "省级": observatory.Provincial,
	"prefecture": observatory.Municipal, "municipal": observatory.Municipal, "地": observatory.Municipal, "地级": observatory.Municipal, "市": observatory.Municipal, "市级": observatory.Municipal, "地市": observatory.Municipal,
	"county": observatory.County, "县": observatory.County, "县级": observatory.County, "区县": observatory.County,
	"township": observatory.Township, "乡": observatory.Township, "乡级": observatory.Township, "乡镇": observatory.Township,
}

var kinds = map[string]observatory.Kind{
	"subscription": observatory.Subscription, "订阅号": observatory.Subscription, "订阅": observatory.Subscription,
	"service": observatory.Serving, "服务号": observatory.Serving, "服务": observatory.Serving,
}

var flags = map[string]bool{"0": false, "1": true, "否": false, "是": true, "false": false, "true": true, "no": false, "yes": true}

// Institutions are the classes of medical institution, then the kinds of police, that accounts.csv may name.
var Institutions = []string{
	"三甲医院", "等级医院", "基层医疗", "公共卫生", "其他医疗",
	"消防", "交警", "出入境", "户政", "派出所", "边防", "治安", "公共安全", "禁毒", "巡警", "经侦", "刑警", "其他公安",
}

// CityClasses are the classes of city by urban residents, largest first (State Council, 2014).
var CityClasses = []string{"超大城市", "特大城市", "大城市", "中等城市", "小城市"}

func (r *row) level(column int) observatory.Level {
	v := r.cell(column)
	l, ok := levels[strings.ToLower(v)]
	if !ok {
		r.refuse(r.columns[column], "level", "%q is no level; write 国家, 省, 地, 县, 乡 or nation, province, prefecture, county, township", v)
	}
	return l
}

func (r *row) kind(column int) observatory.Kind {
	v := r.cell(column)
	k, ok := kinds[strings.ToLower(v)]
	if !ok {
		r.refuse(r.columns[column], "kind", "%q is no kind of account; write subscription or service", v)
	}
	return k
}

func (r *row) flag(column int) bool {
	v := r.cell(column)
	b, ok := flags[strings.ToLower(v)]
	if !ok {
		r.refuse(r.columns[column], "flag", "%q is neither 0 nor 1", v)
	}
	return b
}

// oneOf takes a word of a list, or nothing.
func (r *row) oneOf(column int, words []string) string {
	v := r.cell(column)
	if v == "" {
		return ""
	}
	i := slices.Index(words, v)
	if i < 0 {
		r.refuse(r.columns[column], "word", "%q is not one of %s", v, strings.Join(words, ", "))
		return ""
	}
	return words[i]
}

// date takes a day, or nothing.
func (r *row) date(column int) observatory.Date {
	v := r.cell(column)
	if v == "" {
		return 0
	}
	d, ok := observatory.ParseDate(v)
	if !ok {
		r.refuse(r.columns[column], "date", "%q is no day of the calendar; write 2015-08-31", v)
	}
	return d
}

// count takes a whole number of 0 or more. An empty cell is refused: nobody counted, and that is not 0.
func (r *row) count(column int) int64 {
	v := r.cell(column)
	if v == "" {
		r.refuse(r.columns[column], "missing", "the number is missing; write 0 where there is none, or leave the row out where nobody counted")
		return 0
	}
	n, err := strconv.ParseInt(v, 10, 64)
	switch {
	case err == nil && n < 0:
		r.refuse(r.columns[column], "negative", "%s is below 0; nothing is counted less than not at all", v)
	case err != nil || n > 1<<50:
		r.refuse(r.columns[column], "number", "%q is no whole number", v)
	}
	return n
}

// ifCounted is count of a cell that may be empty: it was then not counted, which a warning says of each row, or of the table once
// when it has no such column.
func (r *row) ifCounted(column int) (n int64, uncounted bool) {
	if r.cell(column) != "" {
		return r.count(column), false
	}
	if r.at[column] >= 0 {
		r.desk.warn(problem(r.file, r.line, r.columns[column], "uncounted", "the cell is empty: it was not counted, which is not 0, and sums leave it out"))
	}
	return 0, true
}

// counted takes a whole number, of 0 or more unless it is a balance; an empty cell was not counted.
func (r *row) counted(column int, balance bool) observatory.Counted {
	v := r.cell(column)
	c, ok := observatory.ParseCounted(v)
	n, _ := c.N()
	switch {
	case !ok || n > 1<<50 || n < -1<<50:
		r.refuse(r.columns[column], "number", "%q is no whole number", v)
	case n < 0 && !balance:
		r.refuse(r.columns[column], "negative", "%s is below 0; nothing is counted less than not at all", v)
	}
	return c
}

func (r *row) number(column int) float64 {
	v := r.cell(column)
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		r.refuse(r.columns[column], "number", "%q is no number", v)
	}
	return n
}

// sector takes a sector by id, name or other spelling, and gives its id; "" for an empty cell when that is allowed.
func (r *row) sector(column int, emptyIsAll bool) string {
	v := r.cell(column)
	if v == "" && emptyIsAll {
		return ""
	}
	s, ok := r.desk.cat.Sectors.Find(v)
	if !ok {
		s, ok = r.desk.cat.Sectors.ByName(v)
	}
	if !ok {
		r.refuse(r.columns[column], "sector", "%q is no sector of the catalogue, by id (f01) or by name (公安)", v)
	}
	return s.ID
}

// region takes a GB/T 2260 code of the catalogue's edition.
func (r *row) region(column int, empty bool) string {
	v := r.cell(column)
	if v == "" && empty {
		return ""
	}
	found, ok := r.desk.cat.Regions.Find(v)
	if ok {
		return found.Code
	}
	other, known := r.desk.cat.OtherCode(v)
	_, after := r.desk.cat.Regions.Find(other.To)
	switch {
	case known && other.From == v && after:
		r.refuse(r.columns[column], "region", "%s was %s until %s; it is now %s %s", v, other.FromName, other.Year, other.To, other.ToName)
	case known && other.To == v:
		r.refuse(r.columns[column], "region", "%s is %s only since %s; in this edition of the codes the place is %s %s", v, other.ToName, other.Year, other.From, other.FromName)
	case v == "":
		r.refuse(r.columns[column], "region", "the code is missing")
	default:
		r.refuse(r.columns[column], "region", "%q is no GB/T 2260 code of the catalogue's edition (August 2015)", v)
	}
	return ""
}

// city takes the code of one of the 338 cities.
func (r *row) city(column int) string {
	code := r.region(column, false)
	if found, ok := r.desk.cat.Regions.Find(code); ok && !found.IsCity() {
		r.refuse(r.columns[column], "city", "%s %s is neither a prefecture-level division nor a municipality", code, found.Name)
	}
	return code
}

// at is the level a region stands at, for comparison with an account's.
func at(l region.Level) int {
	return slices.Index([]region.Level{region.Nation, region.Province, region.Prefecture, region.County}, l)
}
