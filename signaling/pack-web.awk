# SPDX-License-Identifier: Apache-2.0
# What a page's script or style is served as: without the comments that have lines of their own, but
# for the licence in the first; line numbers stay.
FNR == 1 { print; keeps = /^\/\*/ && !/\*\/[ \t]*$/; next }
keeps { print; keeps = !/\*\/[ \t]*$/; next }
skips { print ""; skips = !/\*\/[ \t]*$/; next }
/^[ \t]*\/\// { print ""; next }
/^[ \t]*\/\*/ && /\*\/[ \t]*$/ { print ""; next }
/^[ \t]*\/\*/ && !/\*\// { print ""; skips = 1; next }
{ print }
