package server

// Missing lets a test see what the check at start refuses.
var Missing = missing
