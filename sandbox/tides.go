package sandbox

import (
	"math"
	"slices"
	"strings"
	"time"

	"zhijian/ground/clock"
)

// tides answers with a day's high and low waters at a port: two waves, of moon and sun, so that
// heights and times move from day to day as they do at sea. They are nobody's forecast.
type tides struct {
	Table string // of ports: {id, name, mean, range} in centimetres above chart datum
}

func (t *tides) takes() string { return "port, date" }
func (t *tides) gives() string { return "known, port, items[{at, high, cm}], as_of" }

func (t *tides) answer(b *bureau, _ string, in question) (data, error) {
	id := in.text("port")
	if strings.HasSuffix(id, "13") {
		return nil, errSilent
	}
	i := slices.IndexFunc(b.Tables[t.Table], func(row map[string]any) bool { return row["id"] == id })
	date, err := time.ParseInLocation(time.DateOnly, in.text("date"), clock.Shanghai)
	if i < 0 || err != nil {
		return unknown(in), nil
	}
	row := b.Tables[t.Table][i]
	mean, _ := row["mean"].(int)
	span, _ := row["range"].(int)
	level := func(at time.Time) float64 {
		hours := at.Sub(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).Hours() + float64(hashed(id)%12)
		// The principal lunar and solar half-day tides, 12.4206 and 12 hours.
		return float64(mean) + float64(span)*(0.38*math.Cos(2*math.Pi*hours/12.4206)+0.12*math.Cos(2*math.Pi*hours/12))
	}
	items := []data{}
	const step = 6 * time.Minute
	for at := date; at.Before(date.AddDate(0, 0, 1)); at = at.Add(step) {
		before, now, after := level(at.Add(-step)), level(at), level(at.Add(step))
		if high := now > before && now >= after; high || now < before && now <= after {
			items = append(items, data{"at": stamp(at), "high": high, "cm": int(math.Round(now))})
		}
	}
	return data{"known": true, "port": row["name"], "items": items, "as_of": stamp(in.at)}, nil
}
