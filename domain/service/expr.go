package service

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"go.yaml.in/yaml/v3"
)

// Bounds of one expression (security.md T65, T80).
const (
	maxExpr     = 500     // bytes
	maxExprCost = 200_000 // CEL cost units, estimated at load and enforced when run
)

// expr is one checked expression. A plain path like violations.items is walked; anything else is
// a CEL program, planned when it is first needed because most texts are never shown.
type expr struct {
	src   string
	shape *shape
	refs  []string // names it reads: "violations", "answers.plate"
	path  []string
	plan  func() (cel.Program, error)
}

// known is a name that expressions may use. from is the index of the step after which it has a value;
// −1 for what is there from the start.
type known struct {
	shape *shape
	from  int
	why   string // "step violations", "the answer plate"
}

// compiler checks the expressions of one definition: one CEL environment, extended by the item v
// where there is one.
type compiler struct {
	r     *reader
	names map[string]known
	types *shapes
	env   *cel.Env
	items map[*shape]*cel.Env
	done  map[exprKey]*expr // checked programs: a wording's languages mostly show the same values
}

type exprKey struct {
	src  string
	item *shape
}

// shapes gives the declared objects to CEL as types.
type shapes struct {
	*types.Registry
	byName map[string]*shape
}

func (p *shapes) FindStructType(name string) (*types.Type, bool) {
	if _, ok := p.byName[name]; ok {
		return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
	}
	return nil, false
}

func (p *shapes) FindStructFieldNames(name string) ([]string, bool) {
	s, ok := p.byName[name]
	if !ok {
		return nil, false
	}
	return s.names(), true
}

func (p *shapes) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	s, ok := p.byName[name]
	if !ok {
		return nil, false
	}
	f := s.field(field)
	if f == nil {
		return nil, false
	}
	return &types.FieldType{Type: p.cel(f)}, true
}

func (p *shapes) NewValue(string, map[string]ref.Val) ref.Val {
	return types.NewErr("objects are not made in expressions")
}

// cel gives a shape as a CEL type and remembers its objects.
func (p *shapes) cel(s *shape) *types.Type {
	switch s.kind {
	case "int", "money", "degree":
		return types.IntType
	case "bool":
		return types.BoolType
	case "any":
		return types.DynType
	case "list":
		return types.NewListType(p.cel(s.elem))
	case "object":
		if p.byName[s.name] == nil {
			p.byName[s.name] = s
			for _, f := range s.fields {
				p.cel(f.shape)
			}
		}
		return types.NewObjectType(s.name)
	}
	return types.StringType
}

// shape is the reverse of cel.
func (p *shapes) shape(t *types.Type) *shape {
	switch t.Kind() {
	case types.IntKind, types.UintKind:
		return scalar("int")
	case types.BoolKind:
		return scalar("bool")
	case types.StringKind:
		return scalar("text")
	case types.ListKind:
		return &shape{kind: "list", elem: p.shape(t.Parameters()[0])}
	case types.StructKind:
		if s := p.byName[t.TypeName()]; s != nil {
			return s
		}
	}
	return scalar("any")
}

// newCompiler makes the environment from base, which has the functions, and the definition's names.
func newCompiler(r *reader, base *cel.Env, names map[string]known) (*compiler, error) {
	reg, err := types.NewRegistry()
	if err != nil {
		return nil, fmt.Errorf("service: type registry: %w", err)
	}
	c := &compiler{r: r, names: names, types: &shapes{reg, map[string]*shape{}}, items: map[*shape]*cel.Env{}, done: map[exprKey]*expr{}}
	opts := []cel.EnvOption{cel.CustomTypeProvider(c.types)}
	for name, k := range names {
		opts = append(opts, cel.Variable(name, c.types.cel(k.shape)))
	}
	if c.env, err = base.Extend(opts...); err != nil {
		return nil, fmt.Errorf("service: expressions: %w", err)
	}
	return c, nil
}

// with gives the environment that also knows v, the item at hand.
func (c *compiler) with(item *shape) (*cel.Env, error) {
	if item == nil {
		return c.env, nil
	}
	if e := c.items[item]; e != nil {
		return e, nil
	}
	e, err := c.env.Extend(cel.Variable("v", c.types.cel(item)))
	if err != nil {
		return nil, fmt.Errorf("service: expressions: %w", err)
	}
	c.items[item] = e
	return e, nil
}

// scope says where an expression stands: at which step, and what v is there.
type scope struct {
	at   int
	item *shape
}

// kinds of value an expression may be wanted to give; "" takes anything.
const (
	wantAny  = ""
	wantBool = "bool"
	wantInt  = "int"
	wantText = "text"
	wantList = "list"
)

// compile checks one expression; nil with a problem when it does not stand.
func (c *compiler) compile(n *yaml.Node, path, src string, want string, sc scope) *expr {
	src = strings.TrimSpace(src)
	switch {
	case src == "":
		c.r.say(n, path, "An expression is missing here.")
		return nil
	case len(src) > maxExpr:
		c.r.say(n, path, "The expression is longer than %d characters.", maxExpr)
		return nil
	case strings.Contains(src, "__"):
		c.r.say(n, path, "Names with two underscores belong to the engine.")
		return nil
	}
	e, plain := c.walk(src, sc)
	if e == nil {
		if plain && c.unknownMember(n, path, src, sc) {
			return nil
		}
		if e = c.done[exprKey{src, sc.item}]; e == nil {
			e = c.program(n, path, src, sc)
		}
		if e == nil {
			return nil
		}
		c.done[exprKey{src, sc.item}] = e
	}
	if !c.ran(n, path, e, sc) || !c.fits(n, path, e, want) {
		return nil
	}
	return e
}

// walk takes a plain path. plain says that src is one, even when it leads nowhere.
func (c *compiler) walk(src string, sc scope) (e *expr, plain bool) {
	parts := strings.Split(src, ".")
	for _, p := range parts {
		if !goodID(p) {
			return nil, false
		}
	}
	s, ok := c.root(parts[0], sc)
	if !ok || len(parts) > 8 {
		return nil, !slices.Contains([]string{"true", "false", "null"}, src)
	}
	for _, p := range parts[1:] {
		if s.kind != "object" {
			return nil, s.kind != "any"
		}
		if s = s.field(p); s == nil {
			return nil, true
		}
	}
	return &expr{src: src, shape: s, path: parts, refs: c.reads(parts)}, true
}

func (c *compiler) root(name string, sc scope) (*shape, bool) {
	if name == "v" && sc.item != nil {
		return sc.item, true
	}
	k, ok := c.names[name]
	return k.shape, ok
}

func (c *compiler) reads(parts []string) []string {
	if parts[0] == "answers" && len(parts) > 1 {
		return []string{"answers." + parts[1]}
	}
	return parts[:1]
}

// unknownMember explains a path that leads nowhere; false when it is for CEL to say.
func (c *compiler) unknownMember(n *yaml.Node, path, src string, sc scope) bool {
	parts := strings.Split(src, ".")
	s, ok := c.root(parts[0], sc)
	if !ok {
		if !slices.Contains(c.r.refused, parts[0]) {
			c.r.say(n, path, "%q is not known here.%s", parts[0], guess(parts[0], c.all()))
		}
		return true
	}
	for i, p := range parts[1:] {
		next := s.field(p)
		if next == nil {
			c.r.say(n, path, "%q has no member %q; it has %s.%s", strings.Join(parts[:i+1], "."), p, have(s), guess(p, s.names()))
			return true
		}
		s = next
	}
	return false
}

func have(s *shape) string {
	if s.kind != "object" {
		return "none, it is a " + s.kind
	}
	return listed(s.names())
}

func (c *compiler) all() []string {
	out := make([]string, 0, len(c.names))
	for n := range c.names {
		if !strings.HasPrefix(n, "__") {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

func (c *compiler) program(n *yaml.Node, path, src string, sc scope) *expr {
	env, err := c.with(sc.item)
	if err != nil {
		c.r.say(n, path, "The expression cannot be read: %s.", err)
		return nil
	}
	checked, issues := env.Compile(src)
	if issues.Err() != nil {
		for _, e := range issues.Errors() {
			c.explain(n, path, e.Message, src)
			break
		}
		return nil
	}
	est, err := env.EstimateCost(checked, sizes{})
	if err != nil || est.Max > maxExprCost {
		c.r.say(n, path, "The expression could take too long: a loop inside a loop over long lists is not allowed.")
		return nil
	}
	return &expr{
		src: src, shape: c.types.shape(checked.OutputType()), refs: c.readsOf(checked),
		plan: sync.OnceValues(func() (cel.Program, error) {
			return env.Program(checked, cel.CostLimit(maxExprCost), cel.EvalOptions(cel.OptOptimize))
		}),
	}
}

// explain turns the checker's message into a sentence.
func (c *compiler) explain(n *yaml.Node, path, msg, src string) {
	if rest, ok := strings.CutPrefix(msg, "undeclared reference to '"); ok {
		name, _, _ := strings.Cut(rest, "'")
		if !slices.Contains(c.r.refused, name) {
			c.r.say(n, path, "%q is not known here.%s", name, guess(name, c.all()))
		}
		return
	}
	if rest, ok := strings.CutPrefix(msg, "undefined field '"); ok {
		name, _, _ := strings.Cut(rest, "'")
		c.r.say(n, path, "There is no member %q in %q.", name, clip(src))
		return
	}
	if strings.HasPrefix(msg, "found no matching overload") {
		c.r.say(n, path, "The parts of %q do not go together: %s.", clip(src), msg)
		return
	}
	if rest, ok := strings.CutPrefix(msg, "Syntax error: "); ok {
		c.r.say(n, path, "%q is not a complete expression: %s.", clip(src), rest)
		return
	}
	c.r.say(n, path, "The expression %q does not stand: %s.", clip(src), msg)
}

// readsOf lists the definition's names that a checked expression reads.
func (c *compiler) readsOf(checked *cel.Ast) []string {
	var out []string
	add := func(name string) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	ast.PreOrderVisit(checked.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.SelectKind:
			if s := e.AsSelect(); s.Operand().Kind() == ast.IdentKind && s.Operand().AsIdent() == "answers" {
				add("answers." + s.FieldName())
			}
		case ast.IdentKind:
			if _, ok := c.names[e.AsIdent()]; ok && e.AsIdent() != "answers" {
				add(e.AsIdent())
			}
		}
	}))
	return out
}

// ran refuses names whose step cannot have run when the expression is looked at.
func (c *compiler) ran(n *yaml.Node, path string, e *expr, sc scope) bool {
	for _, name := range e.refs {
		k, ok := c.names[strings.TrimPrefix(name, "answers.")]
		if bare, found := c.names[name]; found {
			k, ok = bare, true
		}
		if ok && k.from >= sc.at {
			c.r.say(n, path, "%q is not known yet at this point: %s comes later.", name, k.why)
			return false
		}
	}
	return true
}

func (c *compiler) fits(n *yaml.Node, path string, e *expr, want string) bool {
	got := e.shape.kind
	switch {
	case want == wantAny, got == want, got == "any", want == wantInt && got == "money":
		return true
	case want == wantText && !slices.Contains([]string{"int", "money", "bool", "degree", "list", "object"}, got):
		return true
	}
	c.r.say(n, path, "%q gives %s where %s is needed.", clip(e.src), wordFor(got), wordFor(want))
	return false
}

func wordFor(kind string) string {
	switch kind {
	case "bool":
		return "yes or no"
	case "int":
		return "a whole number"
	case "money":
		return "an amount"
	case "list":
		return "a list"
	case "object":
		return "an object"
	case "any":
		return "anything"
	}
	return "a text"
}

// sizes bounds what the cost estimate cannot know: lists and texts of offices are bounded when they arrive.
type sizes struct{}

func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

func (sizes) EstimateSize(n cost.AstNode) *cost.SizeEstimate {
	switch n.Type().Kind() {
	case types.ListKind, types.MapKind:
		return &cost.SizeEstimate{Max: maxItems}
	case types.StringKind:
		return &cost.SizeEstimate{Max: maxBytes}
	}
	return &cost.SizeEstimate{Max: math.MaxUint16}
}
