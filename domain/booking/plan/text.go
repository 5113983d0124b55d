package plan

import (
	"fmt"
	"strconv"
	"strings"

	"zhijian/ground/fault"
)

// Lines writes the weekly spans as staff edit them, one a line: "1-5 09:00-12:00 10".
func Lines(list []Span) string {
	var b strings.Builder
	for _, s := range list {
		fmt.Fprintf(&b, "%s %s-%s %d\n", daysText(s.Days), s.From, s.To, s.Places)
	}
	return b.String()
}

// Hours says in words when there are slots: "周一到周五 09:00–12:00、13:30–17:00".
func (p Plan) Hours() string {
	var groups []string
	said := map[string]int{}
	for _, s := range p.Weekly {
		days, hours := weekdays(s.Days), s.From+"–"+s.To
		if i, ok := said[days]; ok {
			groups[i] += "、" + hours
			continue
		}
		said[days] = len(groups)
		groups = append(groups, days+" "+hours)
	}
	return strings.Join(groups, "，")
}

func weekdays(days []int) string {
	names := []rune("一二三四五六日")
	if n := len(days); n > 2 && days[n-1]-days[0] == n-1 {
		return "周" + string(names[days[0]-1]) + "到周" + string(names[days[n-1]-1])
	}
	var b strings.Builder
	for i, d := range days {
		if i > 0 {
			b.WriteString("、")
		}
		b.WriteString("周" + string(names[d-1]))
	}
	return b.String()
}

// Weekly reads what Lines writes: days as "1-5", "6" or "1,3,5". Blank lines are left out; anything else is fault.Invalid on "weekly".
func Weekly(text string) ([]Span, error) {
	var out []Span
	for n, line := range lines(text) {
		days, rest, _ := strings.Cut(line, " ")
		s, ok := span(rest)
		if s.Days, ok = readDays(days, ok); !ok {
			return nil, fault.Invalid("plan.weekly_line", "每周时间第 %d 行看不懂，请按“1-5 09:00-12:00 10”的样子填", n+1).On("weekly")
		}
		out = append(out, s)
	}
	return out, nil
}

// ExceptionLines writes exceptions, one a line: "2026-10-02 closed 系统升级", "2026-10-10 09:00-12:00 10 国庆调休".
func ExceptionLines(list []Exception) string {
	var b strings.Builder
	for _, e := range list {
		b.WriteString(e.Date)
		if len(e.Spans) == 0 {
			b.WriteString(" closed")
		}
		for i, s := range e.Spans {
			if i > 0 {
				b.WriteString(" +")
			}
			fmt.Fprintf(&b, " %s-%s %d", s.From, s.To, s.Places)
		}
		if e.Why != "" {
			b.WriteString(" " + e.Why)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Exceptions reads what ExceptionLines writes; "closed", "休" and "停" are the same.
func Exceptions(text string) ([]Exception, error) {
	var out []Exception
	for n, line := range lines(text) {
		e, ok := exception(line)
		if !ok {
			return nil, fault.Invalid("plan.exceptions_line", "例外日子第 %d 行看不懂，请按“2026-10-02 休 原因”的样子填", n+1).On("exceptions")
		}
		out = append(out, e)
	}
	return out, nil
}

func exception(line string) (e Exception, ok bool) {
	words := strings.Fields(line)
	e.Date, words = words[0], words[1:]
	if len(words) > 0 && (words[0] == "closed" || words[0] == "休" || words[0] == "停") {
		e.Why = strings.Join(words[1:], " ")
		return e, true
	}
	for len(words) >= 2 {
		s, ok := span(words[0] + " " + words[1])
		if !ok {
			return e, false
		}
		e.Spans, words = append(e.Spans, s), words[2:]
		if len(words) == 0 || words[0] != "+" {
			break
		}
		words = words[1:]
	}
	e.Why = strings.Join(words, " ")
	return e, len(e.Spans) > 0
}

// lines are the lines of a text that say something.
func lines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// span reads "09:00-12:00 10".
func span(text string) (s Span, ok bool) {
	hours, places, _ := strings.Cut(text, " ")
	s.From, s.To, _ = strings.Cut(hours, "-")
	n, err := strconv.Atoi(places)
	s.Places = n
	return s, err == nil && len(s.From) == 5 && len(s.To) == 5
}

func daysText(days []int) string {
	if n := len(days); n > 2 && days[n-1]-days[0] == n-1 {
		return fmt.Sprintf("%d-%d", days[0], days[n-1])
	}
	var parts []string
	for _, d := range days {
		parts = append(parts, strconv.Itoa(d))
	}
	return strings.Join(parts, ",")
}

func readDays(text string, ok bool) ([]int, bool) {
	var out []int
	for part := range strings.SplitSeq(text, ",") {
		first, last, ranged := strings.Cut(part, "-")
		if !ranged {
			last = first
		}
		from, err1 := strconv.Atoi(first)
		to, err2 := strconv.Atoi(last)
		if err1 != nil || err2 != nil || from < 1 || to > 7 || from > to {
			return nil, false
		}
		for d := from; d <= to; d++ {
			out = append(out, d)
		}
	}
	return out, ok
}
