package observatory

import (
	"math"
	"strconv"
	"strings"

	"zhijian/domain/observatory"
	"zhijian/ui/figure"
	"zhijian/ui/say"
)

// none is written where a figure does not exist or is not published.
const none = "—"

// chinese is a path in its Chinese form.
func chinese(path string) string {
	rest, ok := strings.CutPrefix(path, "/en")
	if ok && strings.HasPrefix(rest, "/") {
		return rest
	}
	return path
}

// written is a cell as people read it.
func (s *sight) written(c observatory.Column, v observatory.Cell) string {
	n, ok := v.Number()
	if !ok {
		text := v.String()
		switch {
		case text == "":
			return none
		case c.ID == "country":
			return figure.Nation(text, s.lang)
		case c.ID == "band":
			return s.t("ob.band." + text)
		case c.ID == "relation" && s.has("ob.relation."+text):
			return s.t("ob.relation." + text)
		}
		return text
	}
	switch c.Kind {
	case observatory.Code, observatory.Rank:
		return strconv.FormatFloat(n, 'f', -1, 64)
	case observatory.Share:
		return fixed(n, 1) + "%"
	case observatory.YesNo:
		if n == 0 {
			return none
		}
		return s.t("ob.yes")
	case observatory.Steps:
		switch {
		case n > 0:
			return "▲ " + fixed(n, 0)
		case n < 0:
			return "▼ " + fixed(-n, 0)
		}
		return s.t("ob.same")
	case observatory.Count:
		return fixed(n, 0)
	}
	return measured(n)
}

// measured writes a number with as many decimals as its size bears.
func measured(n float64) string {
	switch a := math.Abs(n); {
	case n == math.Trunc(n), a >= 1000:
		return fixed(n, 0)
	case a >= 10:
		return fixed(n, 1)
	case a >= 1:
		return fixed(n, 2)
	}
	return fixed(n, 3)
}

// fixed writes a number with its thousands parted.
func fixed(n float64, decimals int) string {
	text := strconv.FormatFloat(n, 'f', decimals, 64)
	whole, rest, _ := strings.Cut(text, ".")
	if rest != "" {
		rest = "." + rest
	}
	if v, err := strconv.ParseInt(whole, 10, 64); err == nil && v != 0 {
		whole = say.Digits(v)
	}
	return whole + rest
}

// number is a value of a row; NaN when there is none.
func number(x *observatory.Exhibit, row []observatory.Cell, column string) float64 {
	if at := x.Column(column); at >= 0 {
		if n, ok := row[at].Number(); ok {
			return n
		}
	}
	return math.NaN()
}

// text is the words of a row; "" when there are none.
func text(x *observatory.Exhibit, row []observatory.Cell, column string) string {
	if at := x.Column(column); at >= 0 {
		return row[at].String()
	}
	return ""
}

// name is what a row is called.
func (s *sight) name(x *observatory.Exhibit, row []observatory.Cell) string {
	columns := []string{"name", "name_en"}
	if s.lang == "en" {
		columns = []string{"name_en", "name"}
	}
	for _, c := range columns {
		if n := text(x, row, c); n != "" {
			return n
		}
	}
	return row[0].String()
}
