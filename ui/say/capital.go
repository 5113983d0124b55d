package say

import (
	"strings"

	"zhijian/ground/money"
)

// Capitals writes an amount in the capital numerals of receipts: 150.00 is "壹佰伍拾元整", 10,010.05 is
// "壹万零壹拾元零伍分" (《支付结算办法》附件一《正确填写票据和结算凭证的基本规定》). A negative amount begins with 负.
func Capitals(f money.Fen) string {
	var b strings.Builder
	n := uint64(f)
	if f < 0 {
		b.WriteString("负")
		n = uint64(-f)
	}
	yuan, jiao, fen := n/100, n/10%10, n%10
	if yuan > 0 {
		b.WriteString(whole(yuan))
		b.WriteString("元")
	}
	switch {
	case jiao == 0 && fen == 0:
		if yuan == 0 {
			b.WriteString("零元")
		}
		b.WriteString("整")
	case jiao == 0:
		if yuan > 0 {
			b.WriteString("零")
		}
		b.WriteString(numeral(fen) + "分")
	case fen == 0:
		b.WriteString(numeral(jiao) + "角整")
	default:
		b.WriteString(numeral(jiao) + "角" + numeral(fen) + "分")
	}
	return b.String()
}

func numeral(n uint64) string { return string([]rune("零壹贰叁肆伍陆柒捌玖")[n]) }

// whole writes a whole number in groups of four digits; one 零 stands for any row of zeros between digits.
func whole(n uint64) string {
	units := []string{"", "万", "亿", "万亿"}
	var groups []uint64
	for ; n > 0; n /= 10_000 {
		groups = append(groups, n%10_000)
	}
	var b strings.Builder
	gap := false
	for i := len(groups) - 1; i >= 0; i-- {
		g := groups[i]
		if g == 0 {
			gap = true
			continue
		}
		if b.Len() > 0 && (gap || g < 1000) {
			b.WriteString("零")
		}
		b.WriteString(four(g))
		b.WriteString(units[i])
		gap = false
	}
	return b.String()
}

func four(n uint64) string {
	places := []struct {
		of   uint64
		name string
	}{{1000, "仟"}, {100, "佰"}, {10, "拾"}, {1, ""}}
	var b strings.Builder
	gap := false
	for _, p := range places {
		d := n / p.of % 10
		if d == 0 {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteString("零")
			gap = false
		}
		b.WriteString(numeral(d) + p.name)
	}
	return b.String()
}
