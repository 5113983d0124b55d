package service

import (
	"fmt"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"zhijian/ground/clock"
	"zhijian/ground/format"
	"zhijian/ground/money"
	"zhijian/ground/workday"
)

// baseEnv is CEL with the functions of docs/service-definition.md and nothing that could run long.
// Functions that depend on language or day are macros that pass the hidden names __lang and __today.
func baseEnv() (*cel.Env, error) {
	text, whole := types.StringType, types.IntType
	env, err := cel.NewEnv(
		cel.ParserRecursionLimit(40), cel.ParserExpressionSizeLimit(maxExpr), cel.ExpressionNestingDepthLimit(40),
		cel.ParserErrorRecoveryLimit(1),
		cel.Variable("__lang", text), cel.Variable("__today", text),
		cel.Macros(
			cel.GlobalMacro("today", 0, hidden("__today")),
			cel.GlobalMacro("when", 1, localised("__when")), cel.GlobalMacro("day", 1, localised("__day")),
			cel.GlobalMacro("month", 1, localised("__month")), cel.GlobalMacro("clock", 1, localised("__clock")),
			cel.GlobalMacro("span", 2, localised("__span")), cel.GlobalMacro("yuan", 1, localised("__yuan")),
		),
		cel.Function("sum", cel.Overload("sum_ints", []*types.Type{types.NewListType(whole)}, whole, cel.UnaryBinding(sumOf))),
		cel.Function("workdays", cel.Overload("workdays_text_int", []*types.Type{text, whole}, text, cel.BinaryBinding(workdaysOf))),
		cel.Function("__yuan", cel.Overload("yuan_int", []*types.Type{whole, text}, text, cel.BinaryBinding(yuanOf))),
		nearFunction(),
		one("mask", mask), one("plate", format.PlateShow), one("spaced", spaced),
		two("__when", showTime), two("__day", showDay), two("__month", showMonth), two("__clock", showClock),
		cel.Function("__span", cel.Overload("span_text", []*types.Type{text, text, text}, text, cel.FunctionBinding(spanOf))),
	)
	if err != nil {
		return nil, fmt.Errorf("service: expressions: %w", err)
	}
	return env, nil
}

func hidden(name string) cel.MacroFactory {
	return func(eh cel.MacroExprFactory, _ ast.Expr, _ []ast.Expr) (ast.Expr, *common.Error) {
		return eh.NewIdent(name), nil
	}
}

func localised(function string) cel.MacroFactory {
	return func(eh cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
		return eh.NewCall(function, append(args, eh.NewIdent("__lang"))...), nil
	}
}

func one(name string, f func(string) string) cel.EnvOption {
	return cel.Function(name, cel.Overload(name+"_text", []*types.Type{types.StringType}, types.StringType,
		cel.UnaryBinding(func(v ref.Val) ref.Val { return types.String(f(str(v))) })))
}

func two(name string, f func(a, b string) string) cel.EnvOption {
	return cel.Function(name, cel.Overload(name+"_text", []*types.Type{types.StringType, types.StringType}, types.StringType,
		cel.BinaryBinding(func(a, b ref.Val) ref.Val { return types.String(f(str(a), str(b))) })))
}

func str(v ref.Val) string {
	s, _ := v.Value().(string)
	return s
}

func sumOf(v ref.Val) ref.Val {
	list, ok := v.(traits.Lister)
	if !ok {
		return types.NewErr("sum takes a list")
	}
	total := money.Fen(0)
	for it := list.Iterator(); it.HasNext() == types.True; {
		n, ok := it.Next().(types.Int)
		if !ok {
			return types.NewErr("sum takes whole numbers")
		}
		var err error
		if total, err = money.Add(total, money.Fen(n)); err != nil {
			return types.NewErr("sum is too large")
		}
	}
	return types.Int(total)
}

func workdaysOf(day, n ref.Val) ref.Val {
	t, err := time.Parse(time.DateOnly, firstTen(str(day)))
	count, ok := n.(types.Int)
	if err != nil || !ok || count < 0 || count > 366 {
		return types.NewErr("workdays takes a day and a number from 0 to 366")
	}
	return types.String(workday.Add(t, int(count)).Format(time.DateOnly))
}

func firstTen(s string) string { return s[:min(len(s), 10)] }

func yuanOf(v, lang ref.Val) ref.Val {
	n, _ := v.(types.Int)
	return types.String(showMoney(money.Fen(n), str(lang)))
}

// showMoney is an exact amount in the reader's language (ux-rules 8): "¥150.00", "CNY 150.00".
func showMoney(f money.Fen, lang string) string {
	if lang == "en" {
		return "CNY " + f.String()
	}
	return f.Yuan()
}

func spanOf(args ...ref.Val) ref.Val {
	return types.String(showSpan(str(args[0]), str(args[1]), str(args[2])))
}

// mask hides a name or number the way staff see it in a case (security.md 7.8). It tells by the
// form what it is; what has no known form is a name.
func mask(s string) string {
	if s == "" {
		return ""
	}
	for _, f := range []struct {
		field format.Field
		read  func(string) (string, error)
	}{{format.FieldPhone, format.Phone}, {format.FieldPlate, format.Plate}, {format.FieldBankCard, format.BankCard}} {
		if v, err := f.read(s); err == nil {
			return format.Mask(f.field, format.StaffCase, v)
		}
	}
	if len(s) == 18 && strings.Trim(s[:17], "0123456789") == "" {
		return format.Mask(format.FieldCitizenNumber, format.StaffCase, s)
	}
	return format.Mask(format.FieldName, format.StaffCase, s)
}

// spaced sets long numbers in groups of four.
func spaced(s string) string {
	var b strings.Builder
	for i, r := range []rune(s) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Times are shown in Asia/Shanghai, in full: 2026年5月16日 18:42, 16 May 2026, 18:42. What is no
// time is shown as it came.

func showTime(s, lang string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	if lang == "en" {
		return t.In(clock.Shanghai).Format("2 Jan 2006, 15:04")
	}
	return t.In(clock.Shanghai).Format("2006年1月2日 15:04")
}

func showDay(s, lang string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		if t, err = time.Parse(time.RFC3339, s); err != nil {
			return s
		}
		t = t.In(clock.Shanghai)
	}
	if lang == "en" {
		return t.Format("2 Jan 2006")
	}
	return t.Format("2006年1月2日")
}

func showMonth(s, lang string) string {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return s
	}
	if lang == "en" {
		return t.Format("January 2006")
	}
	return t.Format("2006年1月")
}

func showClock(s, _ string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return t.In(clock.Shanghai).Format("15:04")
}

// showSpan gives an appointment's time: 5月28日 周四 9:30–10:00.
func showSpan(from, to, lang string) string {
	a, err1 := time.Parse(time.RFC3339, from)
	b, err2 := time.Parse(time.RFC3339, to)
	if err1 != nil || err2 != nil {
		return from
	}
	a, b = a.In(clock.Shanghai), b.In(clock.Shanghai)
	if lang == "en" {
		return a.Format("Mon 2 Jan, 15:04") + "–" + b.Format("15:04")
	}
	return a.Format("1月2日") + " " + weekday(a) + " " + a.Format("15:04") + "–" + b.Format("15:04")
}

func weekday(t time.Time) string {
	return [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}[t.Weekday()]
}
