package wechatpay

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/money"
)

// Movement is one line of the fund-flow bill: money that came into the merchant's account or left it.
type Movement struct {
	At      time.Time
	Trade   string    // the channel's number of the transaction or refund
	Name    string    // what the channel calls it: 交易, 退款, 手续费, 提现 …
	In      bool      // came in
	Amount  money.Fen // positive
	Balance money.Fen // of the account afterwards
	Voucher string    // the merchant's number of it
}

// errFund is a file that is no fund-flow bill of the form we know.
var errFund = errors.New("not a fund-flow bill")

// ParseFundFlow reads a fund-flow bill (wechat-contract 13.8). Every line must be complete and the lines must add up to the
// summary, or nothing is given.
func ParseFundFlow(file []byte) ([]Movement, error) {
	text := strings.TrimPrefix(string(file), "\ufeff")
	lines := strings.Split(strings.ReplaceAll(strings.TrimRight(text, "\r\n"), "\r\n", "\n"), "\n")
	if len(lines) < 3 {
		return nil, errFund
	}
	at := map[string]int{}
	for i, name := range strings.Split(lines[0], ",") {
		at[strings.TrimSuffix(name, "（元）")] = i
	}
	for _, need := range []string{"记账时间", "微信支付业务单号", "业务名称", "收支类型", "收支金额", "账户结余", "业务凭证号"} {
		if _, ok := at[need]; !ok {
			return nil, fmt.Errorf("%w: column %s is missing", errFund, need)
		}
	}
	body, tail := lines[1:len(lines)-2], lines[len(lines)-2:]
	out := make([]Movement, 0, len(body))
	for i, line := range body {
		row := cells(line)
		if len(row) != len(at) {
			return nil, fmt.Errorf("%w: line %d has %d cells, not %d", errFund, i+2, len(row), len(at))
		}
		m, err := movementOf(func(name string) string { return strings.TrimSpace(row[at[name]]) })
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+2, err)
		}
		out = append(out, m)
	}
	return out, flowAddsUp(out, tail[0], tail[1])
}

func movementOf(cell func(string) string) (m Movement, err error) {
	m = Movement{Trade: cell("微信支付业务单号"), Name: cell("业务名称"), In: cell("收支类型") == "收入", Voucher: cell("业务凭证号")}
	at, err := time.ParseInLocation("2006-01-02 15:04:05", cell("记账时间"), clock.Shanghai)
	if err != nil || m.Trade == "" || (!m.In && cell("收支类型") != "支出") {
		return Movement{}, fmt.Errorf("%w: incomplete", errFund)
	}
	m.At = at.UTC()
	if m.Amount, err = money.Parse(cell("收支金额")); err != nil {
		return Movement{}, fmt.Errorf("%w: no amount", errFund)
	}
	left, owing := strings.CutPrefix(cell("账户结余"), "-")
	if m.Balance, err = money.Parse(left); err != nil {
		return Movement{}, fmt.Errorf("%w: no balance", errFund)
	}
	if owing {
		m.Balance = -m.Balance
	}
	return m, nil
}

// flowAddsUp holds the lines against the file's own summary.
func flowAddsUp(list []Movement, head, line string) error {
	names, row := strings.Split(head, ","), cells(line)
	if len(names) != len(row) {
		return fmt.Errorf("%w: no summary", errFund)
	}
	sums := map[string]string{}
	for i, n := range names {
		sums[n] = row[i]
	}
	var in, out money.Fen
	var err error
	for _, m := range list {
		if m.In {
			in, err = money.Add(in, m.Amount)
		} else {
			out, err = money.Add(out, m.Amount)
		}
		if err != nil {
			return err
		}
	}
	if sums["资金流水总笔数"] != strconv.Itoa(len(list)) || sums["收入金额"] != in.String() || sums["支出金额"] != out.String() {
		return fmt.Errorf("%w: the lines do not add up to the summary", errFund)
	}
	return nil
}
