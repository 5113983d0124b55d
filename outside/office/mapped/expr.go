package mapped

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/ext"

	"zhijian/ground/clock"
	"zhijian/ground/format"
	"zhijian/ground/money"
)

// The bounds of one expression. An answer of a megabyte may be walked once or twice, not multiplied.
const (
	maxExpr = 2000
	maxCost = 5_000_000
)

// scope is what an expression sees.
type scope int

const (
	asked    scope = iota // with
	answered              // with, status, body
)

// expr is one checked expression; nil is none.
type expr struct{ program cel.Program }

// reader checks expressions and collects what is wrong.
type reader struct {
	envs  [2]*cel.Env
	wrong []error
}

func newReader() (*reader, error) {
	text, whole := types.StringType, types.IntType
	question, err := cel.NewEnv(
		cel.ParserRecursionLimit(60), cel.ParserExpressionSizeLimit(maxExpr), cel.ExpressionNestingDepthLimit(60), ext.Strings(),
		cel.Variable("with", types.NewMapType(text, types.DynType)),
		cel.Function("fen", cel.Overload("fen_dyn", []*types.Type{types.DynType}, whole, cel.UnaryBinding(fenOf))),
		cel.Function("day", cel.Overload("day_text", []*types.Type{text}, text, cel.UnaryBinding(dayOf))),
		cel.Function("moment", cel.Overload("moment_int", []*types.Type{whole}, text, cel.UnaryBinding(momentOf))),
	)
	if err != nil {
		return nil, err
	}
	answer, err := question.Extend(cel.Variable("status", whole), cel.Variable("body", types.DynType))
	return &reader{envs: [2]*cel.Env{question, answer}}, err
}

func (r *reader) say(at string, err error) {
	r.wrong = append(r.wrong, fmt.Errorf("%s: %w", at, err))
}

func (r *reader) expr(at, src string, s scope) *expr {
	if src == "" {
		return nil
	}
	env := r.envs[s]
	ast, issues := env.Compile(src)
	if err := issues.Err(); err != nil {
		r.say(at, err)
		return nil
	}
	p, err := env.Program(ast, cel.CostLimit(maxCost), cel.InterruptCheckFrequency(1000))
	if err != nil {
		r.say(at, err)
		return nil
	}
	return &expr{p}
}

func (r *reader) all(at string, list map[string]string, s scope) map[string]*expr {
	out := map[string]*expr{}
	for _, name := range slices.Sorted(maps.Keys(list)) {
		if e := r.expr(at+"."+name, list[name], s); e != nil {
			out[name] = e
		} else if list[name] == "" {
			r.say(at+"."+name, errors.New("the expression is empty"))
		}
	}
	return out
}

// value runs an expression and gives what answers are made of: strings, bools, int64, float64, nil, []any and map[string]any.
func (e *expr) value(ctx context.Context, names map[string]any) (any, error) {
	if e == nil {
		return nil, nil
	}
	v, _, err := e.program.ContextEval(ctx, names)
	if err != nil {
		return nil, err
	}
	return native(v, 0)
}

// holds runs a condition. One that cannot be decided, because what it looks at is not there, does not hold.
func (e *expr) holds(ctx context.Context, names map[string]any) bool {
	v, err := e.value(ctx, names)
	b, ok := v.(bool)
	return err == nil && ok && b
}

func (e *expr) text(ctx context.Context, names map[string]any) string {
	v, err := e.value(ctx, names)
	if err != nil || v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

var errValue = errors.New("a value that answers do not hold")

func native(v ref.Val, depth int) (any, error) {
	if depth > 32 {
		return nil, errValue
	}
	switch v := v.(type) {
	case types.Null:
		return nil, nil
	case types.Bool:
		return bool(v), nil
	case types.Int:
		return int64(v), nil
	case types.Uint:
		if v > math.MaxInt64 {
			return nil, errValue
		}
		return int64(v), nil
	case types.Double:
		if f := float64(v); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return f, nil
		}
		return nil, errValue
	case types.String:
		return string(v), nil
	case types.Timestamp:
		return v.In(clock.Shanghai).Format(time.RFC3339), nil
	case traits.Mapper:
		out := map[string]any{}
		for it := v.Iterator(); it.HasNext() == types.True; {
			k := it.Next()
			name, ok := k.(types.String)
			if !ok {
				return nil, errValue
			}
			one, err := native(v.Get(k), depth+1)
			if err != nil {
				return nil, err
			}
			out[string(name)] = one
		}
		return out, nil
	case traits.Lister:
		out := []any{}
		for it := v.Iterator(); it.HasNext() == types.True; {
			one, err := native(it.Next(), depth+1)
			if err != nil {
				return nil, err
			}
			out = append(out, one)
		}
		return out, nil
	}
	return nil, errValue
}

// fenOf reads an amount of yuan, a number or a text, as fen.
func fenOf(v ref.Val) ref.Val {
	switch v := v.(type) {
	case types.Int:
		if v > 0 && int64(v) < int64(money.Max)/100 {
			return v * 100
		}
		if v == 0 {
			return v
		}
	case types.Double:
		fen := math.Round(float64(v) * 100)
		if fen >= 0 && fen <= float64(money.Max) && math.Abs(fen-float64(v)*100) < 1e-6 {
			return types.Int(fen)
		}
	case types.String:
		if f, err := money.Parse(string(v)); err == nil {
			return types.Int(f)
		}
	}
	return types.NewErr("no amount")
}

// dayOf reads a day as people write it and gives "2026-05-26".
func dayOf(v ref.Val) ref.Val {
	s, _ := v.(types.String)
	day, err := format.Date(string(s))
	if err != nil {
		return types.NewErr("no day")
	}
	return types.String(day)
}

// momentOf gives seconds since 1970 as a time; thirteen digits are milliseconds.
func momentOf(v ref.Val) ref.Val {
	n, ok := v.(types.Int)
	if !ok || n < 0 || n > 1e14 {
		return types.NewErr("no moment")
	}
	if n < 1e11 {
		n *= 1000
	}
	return types.String(time.UnixMilli(int64(n)).In(clock.Shanghai).Format(time.RFC3339))
}
