package tabular

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"zhijian/ground/fault"
	"zhijian/ground/format"
	"zhijian/ground/money"
	"zhijian/ground/strict"
)

// mostText bounds a text in characters.
const mostText = 500

// Cell reads one cell. An empty one is nil. A fault's sentence does not repeat what stands in the cell.
func Cell(k Kind, s string, now time.Time) (any, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil, nil
	}
	switch k {
	case Text:
		if utf8.RuneCountInString(s) > mostText {
			return nil, fault.Invalid("cell.long", "文字请控制在 %d 个字以内", mostText)
		}
		if !strict.Clean(s) || !strict.Plain(s) {
			return nil, fault.Invalid("cell.text", "有看不见的控制字符，请删掉重填")
		}
		return s, nil
	case Number:
		return whole(s)
	case Money:
		f, err := money.Parse(s)
		if err != nil {
			return nil, err
		}
		return int64(f), nil
	case Day:
		return str(format.Date(dayOnly(s)))
	case Clock:
		return clockOf(s)
	case Plate:
		return str(format.Plate(s))
	case Phone:
		return str(format.Phone(s))
	case Citizen:
		if strings.ContainsAny(s, "eE+") {
			return nil, fault.Invalid("cell.rounded", "号码被表格软件改成了科学计数，请把这一列设成“文本”再填")
		}
		return str(format.CitizenNumber(s, now))
	case Yes:
		return yes(s)
	}
	return nil, fmt.Errorf("tabular: unknown kind %q", k)
}

// str keeps an empty string of a refused value from being taken for one.
func str(s string, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

// wide turns what Chinese keyboards give into plain digits and signs.
var wide = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9", "：", ":", "，", ",", "－", "-")

func whole(s string) (any, error) {
	s = wide.Replace(s)
	if grouped(s) {
		s = strings.ReplaceAll(s, ",", "")
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(s, ".0"), 10, 64)
	if err != nil || len(s) > 16 {
		return nil, fault.Invalid("cell.number", "这里请填整数")
	}
	return n, nil
}

// grouped reports whether commas part thousands: "1,234", not "1,5".
func grouped(s string) bool {
	parts := strings.Split(strings.TrimPrefix(s, "-"), ",")
	for i, p := range parts {
		if i > 0 && len(p) != 3 || i == 0 && (p == "" || len(p) > 3) {
			return false
		}
	}
	return len(parts) > 1
}

// dayOnly takes the midnight off that some editors write behind a day.
func dayOnly(s string) string {
	day, clock, ok := strings.Cut(s, " ")
	if ok && strings.Trim(clock, "0:") == "" {
		return day
	}
	return s
}

func clockOf(s string) (any, error) {
	s = strings.TrimSuffix(strings.NewReplacer("点", ":", "时", ":", "分", "").Replace(wide.Replace(s)), ":")
	if !strings.Contains(s, ":") {
		s += ":00"
	}
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil && t.Second() == 0 {
			return t.Format("15:04"), nil
		}
	}
	return nil, fault.Invalid("cell.clock", "钟点请写成 9:00 这样")
}

var yesses = map[string]bool{
	"是": true, "有": true, "对": true, "√": true, "✓": true, "yes": true, "y": true, "true": true, "1": true,
	"否": false, "无": false, "没有": false, "不是": false, "×": false, "✗": false, "no": false, "n": false, "false": false, "0": false,
}

func yes(s string) (any, error) {
	b, ok := yesses[strings.ToLower(s)]
	if !ok {
		return nil, fault.Invalid("cell.yes", "这里请填“是”或“否”")
	}
	return b, nil
}
