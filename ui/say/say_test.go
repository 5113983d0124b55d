package say_test

import (
	"testing"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/money"
	"zhijian/ui/say"
)

func at(y, m, d, h, min int) time.Time {
	return time.Date(y, time.Month(m), d, h, min, 0, 0, clock.Shanghai)
}

func TestTimes(t *testing.T) {
	t.Parallel()
	now := at(2026, 5, 26, 14, 30)
	for name, c := range map[string]struct{ got, want string }{
		"date":                 {say.Date("zh", at(2026, 5, 28, 9, 30), now), "5月28日 周四"},
		"date en":              {say.Date("en", at(2026, 5, 28, 9, 30), now), "Thu 28 May"},
		"other year":           {say.Date("zh", at(2027, 3, 8, 0, 0), now), "2027年3月8日"},
		"other year en":        {say.Date("en", at(2027, 3, 8, 0, 0), now), "8 March 2027"},
		"utc is shown here":    {say.Date("zh", time.Date(2026, 5, 27, 16, 30, 0, 0, time.UTC), now), "5月28日 周四"},
		"no time":              {say.Date("zh", time.Time{}, now), "—"},
		"no leading zero":      {say.Time("zh", at(2026, 5, 28, 9, 5)), "9:05"},
		"midnight":             {say.Time("zh", at(2026, 5, 28, 0, 5)), "0:05"},
		"afternoon":            {say.Time("zh", at(2026, 5, 28, 14, 5)), "14:05"},
		"time en":              {say.Time("en", at(2026, 5, 28, 14, 5)), "2:05 pm"},
		"moment":               {say.Moment("zh", at(2026, 5, 26, 14, 8), now), "5月26日 14:08"},
		"full moment":          {say.FullMoment("zh", at(2026, 5, 26, 14, 8)), "2026年5月26日 14:08"},
		"full moment en":       {say.FullMoment("en", at(2026, 5, 26, 14, 8)), "26 May 2026, 2:08 pm"},
		"hours":                {say.Hours("zh", at(2026, 5, 28, 9, 30), at(2026, 5, 28, 10, 0)), "9:30–10:00"},
		"hours en":             {say.Hours("en", at(2026, 5, 28, 9, 30), at(2026, 5, 28, 10, 0)), "9:30–10:00 am"},
		"hours en over noon":   {say.Hours("en", at(2026, 5, 28, 11, 30), at(2026, 5, 28, 12, 30)), "11:30 am–12:30 pm"},
		"days":                 {say.Days("zh", at(2026, 6, 19, 0, 0), at(2026, 6, 21, 0, 0), now), "6月19日–21日"},
		"days over a month":    {say.Days("zh", at(2026, 6, 30, 0, 0), at(2026, 7, 2, 0, 0), now), "6月30日–7月2日"},
		"days en":              {say.Days("en", at(2026, 6, 19, 0, 0), at(2026, 6, 21, 0, 0), now), "19–21 June"},
		"one day":              {say.Days("zh", at(2026, 6, 19, 0, 0), at(2026, 6, 19, 0, 0), now), "6月19日"},
		"just now":             {say.Ago("zh", now.Add(-20*time.Second), now), "刚刚"},
		"minutes ago":          {say.Ago("zh", now.Add(-18*time.Minute), now), "18 分钟前"},
		"minutes ago en":       {say.Ago("en", now.Add(-18*time.Minute), now), "18 min ago"},
		"today":                {say.Ago("zh", at(2026, 5, 26, 9, 12), now), "今天 9:12"},
		"yesterday":            {say.Ago("zh", at(2026, 5, 25, 23, 59), now), "昨天"},
		"earlier":              {say.Ago("zh", at(2026, 5, 20, 9, 0), now), "5月20日"},
		"still to come":        {say.Ago("zh", at(2026, 5, 27, 9, 0), now), "5月27日 9:00"},
		"by":                   {say.By("zh", at(2026, 6, 12, 0, 0), now), "6月12日前"},
		"by en":                {say.By("en", at(2026, 6, 12, 0, 0), now), "by 12 June"},
		"by time":              {say.ByTime("zh", at(2026, 5, 28, 7, 0), now), "5月28日 7:00 前"},
		"left":                 {say.Left("zh", now.Add(4*time.Hour+20*time.Minute), now), "剩 4 小时"},
		"late":                 {say.Left("zh", now.Add(-30*time.Hour), now), "已超 1 天"},
		"late en":              {say.Left("en", now.Add(-30*time.Hour), now), "1 day late"},
		"seconds":              {say.Duration("zh", 41*time.Second), "41 秒"},
		"minutes":              {say.Duration("zh", 38*time.Minute), "38 分钟"},
		"working days":         {say.WorkDays("zh", 3), "3 个工作日"},
		"working day en":       {say.WorkDays("en", 1), "1 working day"},
		"machine form":         {say.ISO(at(2026, 5, 28, 9, 30)), "2026-05-28T09:30:00+08:00"},
		"end of the year here": {say.Day("zh", time.Date(2025, 12, 31, 17, 0, 0, 0, time.UTC), now), "1月1日"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ got, want string }{
		"small count":     {say.Count("zh", 1462), "1,462"},
		"below":           {say.Count("zh", 9999), "9,999"},
		"ten thousand":    {say.Count("zh", 10_000), "1 万"},
		"large count":     {say.Count("zh", 126_408), "12.6 万"},
		"rounded up":      {say.Count("zh", 19_960), "2 万"},
		"negative":        {say.Count("zh", -126_408), "-12.6 万"},
		"large count en":  {say.Count("en", 126_408), "126,408"},
		"digits":          {say.Digits(1_083_412), "1,083,412"},
		"negative digits": {say.Digits(-1000), "-1,000"},
		"three digits":    {say.Digits(386), "386"},
		"money":           {say.Money("zh", 15000), "¥150.00"},
		"money en":        {say.Money("en", 15000), "CNY 150.00"},
		"for tables":      {say.Thousands(123450), "¥1,234.50"},
		"debt":            {say.Thousands(-123450), "-¥1,234.50"},
		"percent":         {say.Percent(.981), "98.1%"},
		"case number":     {say.Number("K7QF2M9D0R4T8VXA"), "K7QF 2M9D 0R4T 8VXA"},
		"odd length":      {say.Number("K7QF2"), "K7QF 2"},
		"empty":           {say.Number(""), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
}

func TestCapitals(t *testing.T) {
	t.Parallel()
	for fen, want := range map[money.Fen]string{
		0: "零元整", 1: "壹分", 50: "伍角整", 105: "壹元零伍分", 150: "壹元伍角整", 168: "壹元陆角捌分",
		1000: "壹拾元整", 15000: "壹佰伍拾元整", 100005: "壹仟元零伍分", 1_001_000: "壹万零壹拾元整", 1_000_000: "壹万元整",
		101_000_00: "壹拾万壹仟元整", 10_050_000_000: "壹亿零伍拾万元整", 10_000_000_100: "壹亿零壹元整", 12_345_678_90: "壹仟贰佰叁拾肆万伍仟陆佰柒拾捌元玖角整", -15000: "负壹佰伍拾元整",
		2_000_000_03: "贰佰万元零叁分", 10_2030_4050_00: "壹拾亿贰仟零叁拾万肆仟零伍拾元整",
	} {
		if got := say.Capitals(fen); got != want {
			t.Errorf("%d: %s, want %s", fen, got, want)
		}
	}
}
