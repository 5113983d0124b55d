package format

import (
	"strconv"
	"strings"
	"time"

	"zhijian/ground/fault"
)

// Date reads a day as people write it ("2024-5-28", "2024年5月28日", "2024/05/28", "20240528")
// and gives "2024-05-28" (GB/T 7408). Codes: date.empty, date.shape, date.calendar.
func Date(s string) (string, error) {
	parts := dateParts(fold(s, ""))
	if parts == nil {
		if fold(s, "") == "" {
			return "", fault.Invalid("date.empty", "请填写日期，例如 2024-05-28")
		}
		return "", fault.Invalid("date.shape", "日期请写成年、月、日，例如 2024-05-28")
	}
	t, real := day(parts[0], parts[1], parts[2])
	if !real || t.Year() < 1880 || t.Year() > 2200 {
		return "", fault.Invalid("date.calendar", "没有这一天，请核对年、月、日")
	}
	return t.Format(time.DateOnly), nil
}

// dateParts gives year, month and day, nil when s does not have the three.
func dateParts(s string) []int {
	var list []string
	if fits(s, "########") {
		list = []string{s[:4], s[4:6], s[6:]}
	} else {
		s = strings.TrimRight(s, "日号")
		list = strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("年月/.。,、"+hyphens, r) })
	}
	if len(list) != 3 || len(list[0]) != 4 {
		return nil
	}
	out := make([]int, 3)
	for i, p := range list {
		n, err := strconv.Atoi(p)
		if err != nil || len(p) > 4 || !digits(p) {
			return nil
		}
		out[i] = n
	}
	return out
}
