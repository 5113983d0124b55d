// Package zhijian is the root of the house; the rooms are in the folders (docs/map.md).
package zhijian
