package sandbox

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"zhijian/ground/clock"
)

// newWeather is the weather bureau: a seven-day forecast for any region, the same all day.
func newWeather(cfg Config) *office {
	f := &weather{seed: cfg.Seed, clock: cfg.Clock}
	return &office{
		name: Weather, title: "气象台（演示）", about: "任何地区的实况与七天预报；每小时整点更新。",
		calls: map[string]call{
			"forecast": {
				takes: "region", gives: "known, station, now{text, temp, aqi, aqi_text, humidity, wind}, days[{date, text, high, low, wind}], as_of",
				do: f.forecast,
			},
		},
	}
}

type weather struct {
	seed  int64
	clock clock.Clock
}

func (f *weather) forecast(in question) (data, error) {
	region := in.text("region")
	now := f.clock.Now().In(clock.Shanghai).Truncate(time.Hour)
	if len(region) != 6 || strings.Trim(region, "0123456789") != "" {
		return data{"known": false, "station": "", "now": data{}, "days": []data{}, "as_of": stamp(now)}, nil
	}
	days := []data{}
	for d := range 7 {
		day := now.AddDate(0, 0, d)
		text, high, low, wind := f.day(region, day)
		days = append(days, data{"date": day.Format("2006-01-02"), "text": text, "high": high, "low": low, "wind": wind})
	}
	text, high, low, wind := f.day(region, now)
	// The warmest hour is about two in the afternoon.
	away := max(now.Hour()-14, 14-now.Hour())
	aqi := 25 + int(hashed(region+now.Format("20060102"))%120)
	return data{
		"known": true, "station": "演示站", "as_of": stamp(now), "days": days,
		"now": data{
			"text": text, "temp": high - (high-low)*min(away, 12)/12, "aqi": aqi, "aqi_text": aqiText(aqi),
			"humidity": 45 + aqi%40, "wind": wind,
		},
	}, nil
}

func (f *weather) day(region string, day time.Time) (text string, high, low int, wind string) {
	r := rand.New(rand.NewPCG(uint64(f.seed), hashed(region+day.Format("20060102"))))
	// Rough normals of the lower Yangtze by month, in degrees Celsius.
	mean := []int{5, 7, 11, 17, 22, 25, 30, 29, 25, 19, 13, 7}[day.Month()-1]
	high = mean + 2 + r.IntN(6)
	low = high - 5 - r.IntN(5)
	text = []string{"晴", "晴", "多云", "多云", "阴", "小雨", "阵雨"}[r.IntN(7)]
	wind = fmt.Sprintf("%s风 %d 级", []string{"东", "东南", "北", "西北"}[r.IntN(4)], 1+r.IntN(4))
	return text, high, low, wind
}

// aqiText names an index value (HJ 633-2012).
func aqiText(aqi int) string {
	switch {
	case aqi <= 50:
		return "优"
	case aqi <= 100:
		return "良"
	case aqi <= 150:
		return "轻度污染"
	}
	return "中度污染"
}
