package say

import (
	"strconv"

	"zhijian/ui/wording"
)

// Metres says how far something is, no finer than a rounded position allows: 100 米以内, 约 300 米, 约 1.2 公里.
func Metres(lang string, m int) string {
	if m < 100 {
		return wording.T(lang, "length.near")
	}
	return wording.T(lang, "length.about", Length(lang, (m+50)/100*100))
}

// Length says a length in metres, or in kilometres from one on with at most one decimal.
func Length(lang string, m int) string {
	if m < 1000 {
		return wording.T(lang, "length.m", m)
	}
	return wording.T(lang, "length.km", strconv.FormatFloat(float64((m+50)/100)/10, 'f', -1, 64))
}
