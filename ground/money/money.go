// Package money counts renminbi in whole fen. There are no fractions of a fen and no floats.
package money

import (
	"math"
	"strconv"
	"strings"

	"zhijian/ground/fault"
)

// Fen is an amount in fen, one hundredth of a yuan. It may be negative in a ledger.
type Fen int64

// Max bounds one amount: 100 million yuan. A larger one is a mistake, not a payment.
const Max Fen = 10_000_000_000

// String gives yuan with two decimals and no sign of currency: "150.00".
func (f Fen) String() string {
	sign := ""
	n := uint64(f)
	if f < 0 {
		sign, n = "-", uint64(-f)
	}
	cents := strconv.FormatUint(n%100, 10)
	if len(cents) == 1 {
		cents = "0" + cents
	}
	return sign + strconv.FormatUint(n/100, 10) + "." + cents
}

// Yuan gives the amount as pages show it: "¥150.00" (ux-rules 8).
func (f Fen) Yuan() string {
	if s := f.String(); f < 0 {
		return "-¥" + s[1:] // not -f: the smallest number has no opposite
	}
	return "¥" + f.String()
}

// plain turns what Chinese keyboards give into plain digits and signs.
var plain = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7",
	"８", "8", "９", "9", "．", ".", "，", ",", "￥", "¥")

// Parse reads "150", "150.5", "¥1,500.00", "150 元". More than two decimals, a sign, a comma
// that does not part thousands (is "1,5" one and a half, or fifteen?) or an amount over Max
// is fault.Invalid.
func Parse(s string) (Fen, error) {
	s = strings.TrimSpace(plain.Replace(s))
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, "¥"), "元"))
	whole, frac, _ := strings.Cut(s, ".")
	whole, ok := ungroup(whole)
	if !ok || whole == "" || len(whole) > 9 || len(frac) > 2 || !digits(whole) || !digits(frac) {
		return 0, fault.Invalid("money", "金额请填数字，最多两位小数，例如 150.00")
	}
	for len(frac) < 2 {
		frac += "0"
	}
	n, err := strconv.ParseInt(whole+frac, 10, 64)
	if err != nil || Fen(n) > Max {
		return 0, fault.Invalid("money.large", "金额太大，请核对")
	}
	return Fen(n), nil
}

// ungroup takes commas between thousands away; any other comma is a doubt.
func ungroup(s string) (string, bool) {
	groups := strings.Split(s, ",")
	for i, g := range groups {
		if len(groups) > 1 && (len(g) > 3 || (i > 0 && len(g) != 3) || g == "") {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Add gives a + b; an overflow is an internal error, never a wrapped number.
func Add(a, b Fen) (Fen, error) {
	if (b > 0 && a > math.MaxInt64-b) || (b < 0 && a < math.MinInt64-b) {
		return 0, errOverflow
	}
	return a + b, nil
}

// Sum adds a list with the check of Add.
func Sum(list ...Fen) (total Fen, err error) {
	for _, f := range list {
		if total, err = Add(total, f); err != nil {
			return 0, err
		}
	}
	return total, nil
}

type overflow struct{}

func (overflow) Error() string { return "money: sum overflows" }

var errOverflow = overflow{}
