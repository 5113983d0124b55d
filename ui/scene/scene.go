// Package scene carries what all components of one page share, so that a component's props hold only what it shows:
// the language, the addresses of assets, the token against forged requests, and elder mode.
//
// The layout puts it into the context that templ hands down; a fragment rendered without a layout does the same with
// With. A context without a scene gives Chinese, plain asset addresses and no token, which is what tests use.
package scene

import "context"

// Assets gives the address of a built file; ui/asset does.
type Assets interface {
	URL(name string) string
}

// Scene is the shared part of a page.
type Scene struct {
	// Lang is "zh" or "en".
	Lang string
	// Token goes into every POST form as the hidden input _token; empty leaves it out.
	Token string
	// Assets may be nil: addresses are then the plain ones under /static/.
	Assets Assets
	// Elder says that the page is in 长辈版.
	Elder bool
}

type key struct{}

// With gives a context that holds s.
func With(ctx context.Context, s Scene) context.Context {
	if s.Lang == "" {
		s.Lang = "zh"
	}
	return context.WithValue(ctx, key{}, s)
}

// From gives the scene of ctx; without one, Chinese and nothing else.
func From(ctx context.Context) Scene {
	if s, ok := ctx.Value(key{}).(Scene); ok {
		return s
	}
	return Scene{Lang: "zh"}
}

// Lang gives the language of ctx: "zh" or "en".
func Lang(ctx context.Context) string { return From(ctx).Lang }

// URL gives the address of a built file.
func URL(ctx context.Context, name string) string {
	if a := From(ctx).Assets; a != nil {
		return a.URL(name)
	}
	return "/static/" + name
}

// Link gives a path of this house in the language of ctx: English pages live under /en. A path that is no path of
// ours (an address with a host, tel:, an anchor, a query alone) stays as it is.
func Link(ctx context.Context, path string) string { return In(Lang(ctx), path) }

// In gives a path of this house in a language: In("en", "/me") is "/en/me". See Link for what stays as it is.
func In(lang, path string) string {
	if lang != "en" || len(path) == 0 || path[0] != '/' || (len(path) > 1 && path[1] == '/') {
		return path
	}
	for _, same := range []string{"/static/", "/api/", "/en/", "/console", "/operator"} {
		if len(path) >= len(same) && path[:len(same)] == same {
			return path
		}
	}
	switch path {
	case "/":
		return "/en/"
	case "/en":
		return path
	}
	return "/en" + path
}
