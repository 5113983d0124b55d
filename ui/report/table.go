package report

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"zhijian/domain/observatory"
	"zhijian/domain/report"
	"zhijian/ui/figure"
	"zhijian/ui/wording"
)

// mostColumns is what fits across A4.
const mostColumns = 9

// cell is one cell of a printed table.
type cell struct {
	text    string
	number  bool
	chinese bool // Chinese words in an English table: read aloud as such
}

// columns gives the places of the columns shown, in this language.
func (p *part) columns(f report.Figure) (at []int) {
	e := f.Exhibit
	if len(f.Columns) > 0 {
		for _, id := range f.Columns {
			if i := p.inLanguage(e, id); i >= 0 {
				at = append(at, i)
			}
		}
		return at
	}
	named := e.Column("name") >= 0 || e.Column("name_en") >= 0
	for i, c := range e.Columns {
		english := strings.HasSuffix(c.ID, "_en")
		switch {
		case english && (c.ID != "name_en" || e.Column("name") >= 0):
			continue
		case english && p.lang != wording.English:
			continue
		case named && c.Kind == observatory.Code && c.ID != "rank" && (i == 0 || c.ID == "match") && c.ID != "stage" && c.ID != "tier":
			continue
		}
		at = append(at, p.inLanguage(e, c.ID))
	}
	return at[:min(len(at), mostColumns)]
}

// inLanguage is the place of a column, of its English twin where there is one.
func (p *part) inLanguage(e *observatory.Exhibit, id string) int {
	if p.lang == wording.English {
		if i := e.Column(id + "_en"); i >= 0 {
			return i
		}
	}
	return e.Column(id)
}

func (p *part) heads(f report.Figure) (list []cell) {
	for _, i := range p.columns(f) {
		c := f.Exhibit.Columns[i]
		list = append(list, cell{text: p.columnName(f.Exhibit, c.ID), number: isNumber(c.Kind)})
	}
	return list
}

func isNumber(k observatory.ColumnKind) bool {
	return k != observatory.Code && k != observatory.Words
}

func (p *part) columnName(e *observatory.Exhibit, id string) string {
	i := e.Column(id)
	if i < 0 {
		return id
	}
	if p.lang == wording.English && id == "name_en" {
		return p.word("name")
	}
	return p.say(e.Columns[i].Title)
}

func (p *part) rowName(e *observatory.Exhibit, row string) string {
	if i := p.inLanguage(e, "name"); i >= 0 {
		for _, r := range e.Rows {
			if r[0].String() == row && r[i].String() != "" {
				return p.glossed(r[i].String())
			}
		}
	}
	if e.Columns[0].ID == "country" {
		return figure.Nation(row, p.lang)
	}
	return p.glossed(row)
}

func (p *part) rows(f report.Figure) (rows [][]cell) {
	at := p.columns(f)
	n := len(f.Exhibit.Rows)
	if f.Most > 0 {
		n = min(n, f.Most)
	}
	for _, r := range f.Exhibit.Rows[:n] {
		var line []cell
		for _, i := range at {
			line = append(line, p.cell(f.Exhibit.Columns[i], r[i]))
		}
		rows = append(rows, line)
	}
	return rows
}

// more is how many rows are not printed.
func more(f report.Figure) int {
	if f.Most == 0 {
		return 0
	}
	return max(0, len(f.Exhibit.Rows)-f.Most)
}

func (p *part) cell(c observatory.Column, v observatory.Cell) cell {
	n, ok := v.Number()
	if !ok {
		s := v.String()
		if s == "" {
			s = "—"
		}
		s = p.glossed(s)
		if c.ID == "country" {
			s = figure.Nation(s, p.lang)
		}
		return cell{text: s, number: isNumber(c.Kind), chinese: p.lang == wording.English && strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })}
	}
	out := cell{number: isNumber(c.Kind) || c.Kind == observatory.Code}
	switch c.Kind {
	case observatory.Share:
		out.text = fixed(n, 1) + "%"
	case observatory.Steps:
		out.text = signed(n)
	case observatory.YesNo:
		out.text = map[bool]string{true: p.word("yes"), false: "—"}[n == 1]
	case observatory.Number, observatory.Magnitude:
		out.text = fixed(n, places(n))
	default:
		out.text = fixed(n, 0)
	}
	return out
}

func places(n float64) int {
	switch a := math.Abs(n); {
	case a == math.Trunc(a):
		return 0
	case a < 10:
		return 2
	case a < 1000:
		return 1
	}
	return 0
}

// fixed writes a number with commas and stated decimals.
func fixed(n float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(n), 'f', decimals, 64)
	whole, part, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if part != "" {
		whole += "." + part
	}
	if n < 0 {
		return "−" + whole
	}
	return whole
}

func signed(n float64) string {
	if n > 0 {
		return "+" + fixed(n, 0)
	}
	return fixed(n, 0)
}

func (p *part) glossed(s string) string {
	if t, ok := p.gloss[s]; ok {
		return t
	}
	return s
}

// glossary turns codes into words, and in English Chinese names into their romanisation, from the exhibits themselves.
func glossary(r *report.Report, lang string) map[string]string {
	m := map[string]string{}
	for _, key := range strings.Fields(codes) {
		m[key] = wording.T(lang, "report.code."+key)
	}
	var all []*observatory.Exhibit
	for _, c := range r.Chapters {
		for _, s := range c.Sections {
			for _, f := range s.Figures {
				all = append(all, f.Exhibit)
			}
		}
	}
	for _, s := range r.Appendix {
		for _, f := range s.Figures {
			all = append(all, f.Exhibit)
		}
	}
	for _, e := range all {
		zh, en := e.Column("name"), e.Column("name_en")
		sector := e.Columns[0].ID == "sector"
		if zh < 0 || en < 0 || !slices.Contains([]string{"appendix-1", "appendix-2", "provinces"}, e.ID) {
			continue
		}
		for _, row := range e.Rows {
			name := row[zh].String()
			if lang == wording.English {
				m[name] = row[en].String()
				name = row[en].String()
			}
			if sector {
				m[row[0].String()] = name
			}
		}
	}
	if lang == wording.English {
		maps.Copy(m, chineseNames)
	} else {
		maps.Copy(m, chineseUnits)
	}
	return m
}

// codes are the words of exhibits that are codes, each with its wording.
const codes = "east central west nation province prefecture county township comprehensive functional livelihood lead lag close subscription service unknown"

// chineseUnits are the units of exhibits in Chinese.
var chineseUnits = map[string]string{
	"accounts": "个", "sectors": "个", "divisions": "个", "provinces": "个", "cities": "个", "users": "人", "people": "人", "users/account": "人/个", "clicks": "次", "visits": "次",
}

// chineseNames are what exhibits name in Chinese only.
var chineseNames = map[string]string{
	"国家": "nation", "省": "province", "地": "prefecture", "县": "county", "乡": "township", "全国": "the nation",
	"综合": "comprehensive", "职能": "line departments", "民生": "livelihood",
	"活跃区域": "active", "潜力区域": "potential", "待推广区域": "to promote", "待开发区域": "undeveloped",
	"上线的地级行政区": "prefectures with an entry", "没有上线的地级行政区": "prefectures without", "上线的全部城市": "all cities with an entry",
	"服务号访问": "visits to service accounts", "订阅号点击": "clicks on subscription accounts",
	"超大城市": "super-large", "特大城市": "mega", "大城市": "large", "中等城市": "medium", "小城市": "small",
	"消防": "fire service", "交警": "traffic police", "派出所": "police stations", "出入境": "exit and entry", "户政": "household registration", "边防": "border police",
	"治安": "public order", "公共安全": "public safety", "禁毒": "drug control", "巡警": "patrol police", "经侦": "economic crime", "刑警": "criminal police",
}
