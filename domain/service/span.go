package service

import (
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"zhijian/ground/clock"
	"zhijian/ground/workday"
)

// span is a length of time: an exact one, or a number of working days after the day it begins (民法典 203: when the last day is a day
// off, the day after it counts).
type span struct {
	exact    time.Duration
	workdays int
}

// after is how long the span lasts from a moment on. Working days last to the end of the last of them, Shanghai time.
func (s span) after(from time.Time) time.Duration {
	if s.workdays == 0 {
		return s.exact
	}
	y, m, d := workday.Add(from.In(clock.Shanghai), s.workdays).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, clock.Shanghai).Sub(from)
}

// span reads 30s, 10m, 2h, 15d, or 5w for five working days.
func (l *loader) span(n *yaml.Node, path string) span {
	days, ok := strings.CutSuffix(l.word(n, path), "w")
	if !ok {
		return span{exact: l.length(n, path)}
	}
	c, err := strconv.Atoi(days)
	if err != nil || c < 1 || c > 250 {
		l.say(n, path, "%q is not a number of working days from 1 to 250; write 5w.", clip(n.Value))
	}
	return span{workdays: min(max(c, 1), 250)}
}
