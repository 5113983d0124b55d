package staff

// CheckPassword lets the fuzz test reach the reader of stored password forms.
func CheckPassword(form, password string) bool { return checkPassword(form, password) }
