package paper

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"zhijian/domain/observatory"
	"zhijian/domain/observatory/measure"
	"zhijian/ground/fault"
)

// Misprints finds what the arithmetic finds in the printed tables themselves, without any registry: doubled and missing names, ranks
// that are no ranks, differences that do not follow, percentages that no base gives. The rules know no figure but those of the tables.
func Misprints(fsys fs.FS, cat *observatory.Catalog) (list []observatory.Warning, err error) {
	defer fault.Wrap(&err, "check the printed tables")
	c := &checker{cat: cat, tables: map[string]printedTable{}}
	for _, name := range []string{"appendix1", "table1", "table3", "table6", "city_size"} {
		if c.tables[name], err = readTable(fsys, "whitepaper/"+name+".csv"); err != nil {
			return nil, err
		}
	}
	c.names()
	c.permutations()
	c.differences("table1", "province", "rank_2014", "rank_2015", "rank_change_printed", "DQ-10")
	c.differences("table1", "province", "rank_2015", "active_user_rank", "active_diff_printed", "DQ-11")
	c.differences("table3", "prefecture", "account_rank", "active_user_rank", "rank_diff_printed", "DQ-11")
	c.differences("table6", "province", "account_rank", "gdp_per_capita_rank", "rank_diff_printed", "DQ-11")
	c.shares()
	c.classes()
	return c.found, nil
}

// printedTable is a table as printed: rows by column.
type printedTable struct {
	columns map[string]int
	rows    [][]string
}

func readTable(fsys fs.FS, path string) (t printedTable, err error) {
	f, err := fsys.Open(path)
	if err != nil {
		return t, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return t, fmt.Errorf("%s: %w", path, err)
	}
	t = printedTable{map[string]int{}, rows[1:]}
	for i, name := range rows[0] {
		t.columns[name] = i
	}
	return t, nil
}

func (t printedTable) text(row []string, column string) string {
	if i, ok := t.columns[column]; ok {
		return row[i]
	}
	return ""
}

func (t printedTable) number(row []string, column string) int64 {
	n, err := strconv.ParseInt(t.text(row, column), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

type checker struct {
	cat    *observatory.Catalog
	tables map[string]printedTable
	found  []observatory.Warning
}

func (c *checker) add(id string, level observatory.WarningLevel, zh, en string) {
	c.found = append(c.found, observatory.Warning{ID: id, Level: level, Text: observatory.Text{Zh: zh, En: en}})
}

// names finds a name printed twice, and the divisions that no row can be: the set difference with the table of codes.
func (c *checker) names() {
	t := c.tables["appendix1"]
	count := map[string]int{}
	for _, r := range t.rows {
		count[t.text(r, "name")]++
	}
	var missing []string
	for _, p := range c.cat.Regions.All() {
		if p.Level == "prefecture" && count[p.Short] == 0 && !slices.ContainsFunc(t.rows, func(r []string) bool {
			return t.text(r, "code") == p.Code && count[t.text(r, "name")] == 1
		}) {
			missing = append(missing, p.Name+" "+p.Code)
		}
	}
	for _, r := range t.rows {
		if name := t.text(r, "name"); count[name] > 1 {
			c.add("DQ-01", observatory.Wrong, fmt.Sprintf("%s印了 %d 次，%s没有印", name, count[name], strings.Join(missing, "、")), fmt.Sprintf("%s is printed %d times, %s not at all", name, count[name], strings.Join(missing, ", ")))
			count[name] = 0
		}
	}
}

// permutations tells of ranks that are not each of 1 to n once.
func (c *checker) permutations() {
	t := c.tables["appendix1"]
	for _, column := range []string{"account_rank", "active_user_rank"} {
		seen := map[int64]bool{}
		for _, r := range t.rows {
			if n := t.number(r, column); n < 1 || n > int64(len(t.rows)) || seen[n] {
				c.add("DQ-03", observatory.Wrong, fmt.Sprintf("附录 1 的名次 %d 不成立", n), fmt.Sprintf("appendix 1: rank %d of %s cannot be", n, column))
			}
			seen[t.number(r, column)] = true
		}
	}
}

// differences tells of printed differences that are not the first rank less the second.
func (c *checker) differences(table, name, first, second, printed, id string) {
	t := c.tables[table]
	for _, r := range t.rows {
		a, b := t.number(r, first), t.number(r, second)
		p, err := strconv.ParseInt(t.text(r, printed), 10, 64)
		if err == nil && a > 0 && b > 0 && p != a-b {
			c.add(id, observatory.Wrong, fmt.Sprintf("%s：%d 减 %d 是 %d，印的是 %d", t.text(r, name), a, b, a-b, p), fmt.Sprintf("%s of %s: %d - %d is %d, printed is %d", t.text(r, name), table, a, b, a-b, p))
		}
	}
}

// Percentages that the paper prints with a base that it states or that its tables give (checks, A1).
var printedShares = []struct {
	id, what string
	percent  string
	base     int64
	part     int64 // 0 when not printed: then only a whole part must exist
}{
	{"DQ-24", "prefecture tourism offices", "50.1", 334, 0},
	{"", "prefectures with police", "99.1", 334, 331},
	{"", "provinces with tourism offices", "83.9", 31, 26},
	{"", "county police of 山东", "65.5", 792, 0},
	{"", "rain forecast", "98.6", 72, 71},
	{"DQ-21", "ten of the kinds of service", "19.2", 54, 10},
	{"DQ-06", "杭州's share of accounts", "2.12", 83641, 1462},
}

// shares tells of percentages that no whole number of the base gives, or not the printed one.
func (c *checker) shares() {
	for _, s := range printedShares {
		p, ok := measure.ParsePrinted(s.percent)
		if !ok {
			continue
		}
		k, possible := p.Possible(s.base)
		switch {
		case !possible:
			c.add(s.id, observatory.Wrong, fmt.Sprintf("%s%% 不可能：%d 个里没有一个整数得这个数", s.percent, s.base), fmt.Sprintf("%s: %s%% is impossible with %d", s.what, s.percent, s.base))
		case s.part > 0 && k != s.part:
			at := 100 * float64(s.part) / float64(s.base)
			c.add(s.id, observatory.Ambiguous, fmt.Sprintf("%d/%d 是 %.2f%%，不是 %s%%：基数另有其数", s.part, s.base, at, s.percent), fmt.Sprintf("%s: %d/%d is %.2f%%, not %s%%: the base is another one", s.what, s.part, s.base, at, s.percent))
		}
	}
}

// classes holds table 7 against the share of large and medium cities that the text gives, with every rounding.
func (c *checker) classes() {
	t := c.tables["city_size"]
	var low, high float64
	for _, r := range t.rows {
		if name := t.text(r, "city_class"); name == "大城市" || name == "中等城市" {
			mean, n := float64(t.number(r, "mean_accounts")), float64(t.number(r, "city_count"))
			low, high = low+float64(n*(mean-0.5)), high+float64(n*(mean+0.5))
		}
	}
	const printed, all = 66.9, 83641
	if a, b := 100*low/all, 100*high/all; printed < a || printed > b {
		c.add("DQ-16", observatory.Wrong, fmt.Sprintf("平均数和城市数得出 %.2f%% 至 %.2f%%，不是 66.9%%", a, b), fmt.Sprintf("large and medium cities: means and counts give %.2f to %.2f%%, not 66.9%%", a, b))
	}
}
