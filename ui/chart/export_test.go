package chart

// WidthOf is how wide a drawing thinks words are.
func WidthOf(s string, size float64, heavy bool) float64 {
	r := axisText
	if heavy {
		r = boldText
	}
	return width(s, r) * size / sizeOf(r)
}

// Tokens are the colours that drawings use.
func Tokens() [][3]string { return tokens }

// Paint gives the attributes of a role.
func Paint(m Mode, r string) map[string]string {
	all := map[string]string{}
	for _, a := range lookOf[role(r)].attrs {
		all[a[0]] = a[1]
		if len(a[1]) > 2 && a[1][:2] == "--" {
			all[a[0]] = colour(m, a[1])
		}
	}
	return all
}
