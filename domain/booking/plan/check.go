package plan

import (
	"slices"
	"strconv"
	"time"

	"zhijian/ground/fault"
)

// Bounds of what a plan may say.
const (
	maxSpans      = 40
	maxExceptions = 200
	maxPlaces     = 10_000
	maxAhead      = 60
)

// Check reports what is wrong with a plan as fault.Invalid, each on its field: "weekly", "exceptions", "minutes", "walk_in",
// "free_before", "ahead", "opens".
func (p Plan) Check() error {
	return fault.Join(
		unless(p.Minutes < 5 || p.Minutes > 480, "plan.minutes", "每段时长请填 5 到 480 分钟", "minutes"),
		unless(p.WalkIn < 0 || p.WalkIn > 100, "plan.walk_in", "现场取号的比例请填 0 到 100", "walk_in"),
		unless(p.FreeBefore < 0 || p.FreeBefore > 7*24*60, "plan.free_before", "合并号源的提前时间请填 0 到 10080 分钟", "free_before"),
		unless(p.Ahead < 0 || p.Ahead > maxAhead, "plan.ahead", "可以提前约的天数请填 0 到 60", "ahead"),
		unless(at(time.Unix(0, 0), p.Opens).IsZero(), "plan.opens", "放号时间请按 08:00 的样子填", "opens"),
		unless(len(p.Weekly) > maxSpans || !spansRight(p.Weekly, true), "plan.weekly", "每周时间请逐行填：星期 开始-结束 个数，同一天的时间不能重叠", "weekly"),
		unless(len(p.Exceptions) > maxExceptions || !exceptionsRight(p.Exceptions), "plan.exceptions", "例外日子请逐行填，每天一行，日期按 2026-10-01 的样子填", "exceptions"),
	)
}

// unless is a fault on a field when something is bad.
func unless(bad bool, code, sentence, field string) *fault.Error {
	if !bad {
		return nil
	}
	return fault.Invalid(code, sentence).On(field)
}

func exceptionsRight(list []Exception) bool {
	seen := map[string]bool{}
	for _, e := range list {
		if _, err := time.Parse(time.DateOnly, e.Date); err != nil || seen[e.Date] || len(e.Why) > 300 || !spansRight(e.Spans, false) {
			return false
		}
		seen[e.Date] = true
	}
	return true
}

// spansRight reports spans that can be read and of which no two of one day overlap.
func spansRight(list []Span, weekly bool) bool {
	for i, s := range list {
		from, to := at(time.Unix(0, 0), s.From), at(time.Unix(0, 0), s.To)
		if from.IsZero() || !to.After(from) || s.Places < 1 || s.Places > maxPlaces || weekly == (len(s.Days) == 0) {
			return false
		}
		if slices.ContainsFunc(s.Days, func(d int) bool { return d < 1 || d > 7 }) {
			return false
		}
		for _, o := range list[:i] {
			if s.From < o.To && o.From < s.To && (!weekly || slices.ContainsFunc(s.Days, func(d int) bool { return slices.Contains(o.Days, d) })) {
				return false
			}
		}
	}
	return true
}

// Ratio says how places are shared, for residents: online of all, e.g. "70%".
func (p Plan) Ratio() (online, walkIn string) {
	return strconv.Itoa(100-p.WalkIn) + "%", strconv.Itoa(p.WalkIn) + "%"
}
