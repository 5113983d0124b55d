package door

import "net/http"

// header is one response header with its value ready to be put into a header map: the hot path allocates nothing.
type header struct {
	key   string
	value []string
}

// headersFor gives what every answer carries (security.md T18, ASVS 3.4).
func headersFor(c Config, secure bool) []header {
	style := "'self'"
	if c.StyleHash != "" {
		style += " " + c.StyleHash
	}
	form := "'self'"
	if c.PayOrigin != "" {
		form += " " + c.PayOrigin
	}
	image := "'self' data:"
	if c.ImageOrigin != "" {
		image += " " + c.ImageOrigin
	}
	list := []header{
		// Trusted types: no script of ours makes markup out of text. htmx does when it swaps; before a page uses that, htmx needs a
		// policy of its own.
		{"Content-Security-Policy", []string{"default-src 'none'; script-src 'self'; style-src " + style +
			"; img-src " + image + "; connect-src 'self'; font-src 'self'; object-src 'none'; form-action " + form +
			"; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"}},
		// Not no-referrer: with it browsers send "Origin: null" on our own forms, and older ones have nothing else to
		// prove that a form is ours.
		{"Referrer-Policy", []string{"same-origin"}},
		{"X-Content-Type-Options", []string{"nosniff"}},
		{"Permissions-Policy", []string{"camera=(), microphone=(), payment=(), usb=(), geolocation=(self)"}},
		{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
		{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
		{"Cache-Control", []string{"no-store"}}, // public pages opt out of it
	}
	if secure {
		list = append(list, header{"Strict-Transport-Security", []string{"max-age=31536000; includeSubDomains"}})
	}
	return list
}

// dress puts the headers of every answer into h. The values are shared and must be replaced, never written to.
func (d *Door) dress(h http.Header) {
	for _, one := range d.headers {
		h[one.key] = one.value
	}
	if d.draining.Load() {
		h.Set("Connection", "close")
	}
}
