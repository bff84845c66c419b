; The installer for Windows: for all users of the PC, in Program Files. build.py gives VERSION, FOLDER and MADE.
; Quiet, for many PCs: loket-1.0.0-windows.exe /S. The data of the counters lie elsewhere and are never touched.
Unicode true
!include "MUI2.nsh"
!define ENTRY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Loket"

Name "Loket"
OutFile "${MADE}"
InstallDir "$PROGRAMFILES64\Loket"
RequestExecutionLevel admin
SetCompressor /SOLID lzma

!define MUI_ICON "${__FILEDIR__}/loket.ico"
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "Indonesian"
!insertmacro MUI_LANGUAGE "English"
LangString OPEN ${LANG_INDONESIAN} "Loket masih terbuka. Tutup semua jendelanya, lalu jalankan lagi. Tidak ada yang diubah."
LangString OPEN ${LANG_ENGLISH} "Loket is still open. Close all its windows, then start again. Nothing was changed."

; A program that runs cannot be deleted: then nothing else is touched either.
!macro StopIfOpen
  SetShellVarContext all
  SetRegView 64
  ClearErrors
  Delete "$INSTDIR\loket.exe"
  Delete "$INSTDIR\loket-cmd.exe"
  ${If} ${Errors}
    MessageBox MB_OK|MB_ICONSTOP "$(OPEN)" /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
!macroend

Section
  !insertmacro StopIfOpen
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\licences"
  SetOutPath "$INSTDIR"
  File /r "${FOLDER}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Loket.lnk" "$INSTDIR\loket.exe"
  WriteRegStr HKLM "${ENTRY}" "DisplayName" "Loket"
  WriteRegStr HKLM "${ENTRY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${ENTRY}" "DisplayIcon" "$INSTDIR\loket.exe"
  WriteRegStr HKLM "${ENTRY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${ENTRY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
SectionEnd

Section "Uninstall"
  !insertmacro StopIfOpen
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\licences"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Loket.lnk"
  DeleteRegKey HKLM "${ENTRY}"
SectionEnd
