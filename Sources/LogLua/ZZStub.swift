import CLuaHost
func luaGrok(_ a: UnsafePointer<UInt8>?, _ b: Int, _ c: UnsafePointer<UInt8>?, _ d: Int, _ e: UnsafeMutablePointer<CChar>?, _ f: Int, _ g: UnsafeMutablePointer<Bool>?) -> Int { 0 }
