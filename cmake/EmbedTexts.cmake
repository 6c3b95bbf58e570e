# cmake -DOUTPUT=file.cc -DFOLDER=dir -DNAMESPACE=a::b -P EmbedTexts.cmake
# Writes a C++ source that holds every *.sql file of a folder, in order of names, as
# `const EmbeddedText kEmbeddedTexts[]` with its count in `kEmbeddedTextCount`.
file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/*.sql)
list(SORT files)
list(LENGTH files count)
set(text "// Generated from the migrations; not to be edited.\n")
string(APPEND text "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n\n")
string(APPEND text "const EmbeddedText kEmbeddedTexts[] = {\n")
foreach(name IN LISTS files)
  file(READ ${FOLDER}/${name} sql)
  string(APPEND text "    {\"${name}\", R\"sql(${sql})sql\"},\n")
endforeach()
string(APPEND text "};\nconst unsigned kEmbeddedTextCount = ${count};\n\n}  // namespace ${NAMESPACE}\n")
file(WRITE ${OUTPUT} "${text}")
