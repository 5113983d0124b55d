package observatory

import (
	"fmt"
	"slices"
)

// Measure is one figure of an outcome.
type Measure int

// The measures, in the order of the table's columns. Each is of one city, service and month.
const (
	Opened       Measure = iota // cases opened
	Done                        // cases that ended as wished, or with an answer
	Refused                     // cases that the office refused
	Cancelled                   // cases called off by the resident, or left lying until they lapsed
	Paid                        // payments that came in
	Fen                         // what came in less what went back, in fen
	Promised                    // ended cases of a service that promises a time
	Kept                        // of these, cases that ended within it
	StepsTaken                  // answers that residents gave in cases
	Loads                       // pages loaded for the service
	Materials                   // things the service wants a resident to have at hand
	Departments                 // departments whose systems take part in one case
	People                      // distinct residents
	Rated                       // cases that were rated, from 1 to 5 stars
	RatingSum                   // their stars together
	Satisfied                   // ratings of 4 or 5 stars
	Searches                    // searches in the city's entry
	Unmet                       // of these, searches that found nothing the city offers
	OfficeCalls                 // questions to the departments' systems
	OfficeFailed                // of these, without an answer: down, or too late
	Checked                     // pages checked for accessibility
	Accessible                  // of these, pages without a violation
	measures
)

var measureNames = [measures]string{
	"opened", "done", "refused", "cancelled", "paid", "fen", "promised", "kept", "steps", "loads", "materials", "departments", "people",
	"rated", "rating_sum", "satisfied", "searches", "unmet", "office_calls", "office_failed", "checked", "accessible",
}

// Measures lists the measures in the order of the table's columns.
func Measures() []Measure {
	list := make([]Measure, measures)
	for i := range list {
		list[i] = Measure(i)
	}
	return list
}

// String gives the measure's column.
func (m Measure) String() string { return measureNames[m] }

// ParseMeasure finds a measure by its column; false when there is none.
func ParseMeasure(name string) (Measure, bool) {
	i := slices.Index(measureNames[:], name)
	return Measure(max(i, 0)), i >= 0
}

// partOf are measures that cannot be more than another.
var partOf = [][2]Measure{{Kept, Promised}, {Rated, RatingSum}, {Satisfied, Rated}, {Unmet, Searches}, {OfficeFailed, OfficeCalls}, {Accessible, Checked}}

// Outcome is what came of one service in one city in one month. A row without a service is about the city's entry as a whole.
// What was not counted is unknown, never 0.
type Outcome struct {
	Region  string // code of a prefecture-level division or a municipality
	Service string // id of one of the 101 kinds, or of a service of the city's own; "" for the entry as a whole
	Month   string // "2015-08"
	Account string // id of the account that answers for the service; "" when not known
	Took    Durations
	Counts  [measures]Counted
}

// Of gives one measure.
func (o *Outcome) Of(m Measure) Counted { return o.Counts[m] }

// Set says one measure.
func (o *Outcome) Set(m Measure, n int64) { o.Counts[m] = Known(n) }

// Ended counts the cases that ended with the office's word: done or refused.
func (o *Outcome) Ended() Counted { return o.Of(Done).Plus(o.Of(Refused)) }

// add adds another row's figures. Materials and departments are properties of a service and not added: the most is kept.
// Distinct people of two cities are added, for a resident has one.
func (o *Outcome) add(other *Outcome) {
	for m := range o.Counts {
		switch Measure(m) {
		case Materials, Departments:
			if n, ok := other.Counts[m].N(); ok {
				was, _ := o.Counts[m].N()
				o.Counts[m] = Known(max(n, was))
			}
		default:
			o.Counts[m] = o.Counts[m].Plus(other.Counts[m])
		}
	}
	o.Took.Merge(&other.Took)
}

// Contradiction names two measures of which the first is part of the second and yet more; false when there are none. Stars are
// 1 to 5 for each rating.
func (o *Outcome) Contradiction() (part, whole Measure, found bool) {
	for _, p := range partOf {
		a, ok1 := o.Of(p[0]).N()
		b, ok2 := o.Of(p[1]).N()
		if ok1 && ok2 && a > b {
			return p[0], p[1], true
		}
	}
	rated, ok1 := o.Of(Rated).N()
	stars, ok2 := o.Of(RatingSum).N()
	if ok1 && ok2 && stars > 5*rated {
		return RatingSum, Rated, true
	}
	return 0, 0, false
}

// OutcomeColumns lists the columns of the table outcomes.csv, those that tell rows apart first.
func OutcomeColumns() []string {
	return append([]string{"region_code", "service", "month", "account_id", "took"}, measureNames[:]...)
}

// Row gives the outcome as a row under OutcomeColumns.
func (o *Outcome) Row() []string {
	row := []string{o.Region, o.Service, o.Month, o.Account, o.Took.String()}
	for _, c := range o.Counts {
		row = append(row, c.String())
	}
	return row
}

// ReadOutcome reads what Row wrote.
func ReadOutcome(row []string) (o Outcome, err error) {
	if len(row) != 5+int(measures) {
		return o, fmt.Errorf("%d cells make no outcome", len(row))
	}
	o.Region, o.Service, o.Month, o.Account = row[0], row[1], row[2], row[3]
	ok := true
	if o.Took, ok = ParseDurations(row[4]); !ok {
		return o, fmt.Errorf("%q is no list of durations", row[4])
	}
	for i := range o.Counts {
		if o.Counts[i], ok = ParseCounted(row[5+i]); !ok {
			return o, fmt.Errorf("%q is no whole number", row[5+i])
		}
	}
	return o, nil
}
