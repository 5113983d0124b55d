package live

import (
	"strconv"
	"strings"

	"zhijian/domain/observatory"
)

// Counted are the measures that facts of the house carry: a month in which one of them did not happen has 0 of it.
var counted = []observatory.Measure{
	observatory.Opened, observatory.Done, observatory.Refused, observatory.Cancelled, observatory.Paid, observatory.Fen, observatory.Promised, observatory.Kept,
	observatory.StepsTaken, observatory.People, observatory.Rated, observatory.RatingSum, observatory.Satisfied, observatory.OfficeCalls, observatory.OfficeFailed,
}

// Outcomes adds the facts of a month (yyyymm) up to one row for each city and service that had any, and one for each city's entry that was
// searched. The rows are in no order.
func Outcomes(month int32, facts []Fact, people []Crowd) []observatory.Outcome {
	type at struct{ region, service string }
	rows := map[at]*observatory.Outcome{}
	row := func(region, service string) *observatory.Outcome {
		o := rows[at{region, service}]
		if o == nil {
			o = &observatory.Outcome{Region: region, Service: service, Month: MonthName(month)}
			rows[at{region, service}] = o
			measures := counted
			if service == "" {
				measures = []observatory.Measure{observatory.Searches, observatory.Unmet}
			}
			for _, m := range measures {
				o.Set(m, 0)
			}
		}
		return o
	}
	for _, f := range facts {
		if f.Day/100 != month || f.Region == "" {
			continue
		}
		o := row(f.Region, f.Service)
		if bound, ok := strings.CutPrefix(f.Metric, tookPoint); ok {
			n, err := strconv.ParseInt(bound, 10, 64)
			if err == nil {
				o.Took.Count(n, f.N)
			}
			continue
		}
		if m, ok := observatory.ParseMeasure(f.Metric); ok {
			o.Counts[m] = o.Counts[m].Plus(observatory.Known(f.N))
		}
	}
	for _, c := range people {
		if c.Month == month && c.Service != "" {
			o := row(c.Region, c.Service)
			o.Counts[observatory.People] = o.Counts[observatory.People].Plus(observatory.Known(c.People))
		}
	}
	list := make([]observatory.Outcome, 0, len(rows))
	for _, o := range rows {
		list = append(list, *o)
	}
	return list
}

// MonthName gives 2026-11 of 202611.
func MonthName(month int32) string {
	s := strconv.Itoa(int(month))
	if len(s) != 6 {
		return ""
	}
	return s[:4] + "-" + s[4:]
}
